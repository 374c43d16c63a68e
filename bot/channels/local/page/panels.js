// The two panels beside the chat: whom to chat as, and the clock that can be moved.
import { $, ask, changed, make } from './dom.js';

const FOLDED_FROM = 9; // a longer list of people is folded
const NEWS_NAMED = 5;
const STOPS_NAMED = 6;

export const wide = matchMedia('(min-width: 960px)');
export const both = matchMedia('(min-width: 1360px)'); // room for two phones side by side
export let people = new Map(); // chat id -> face
let rows = new Map(); // chat id -> its button in the list
let moving = false;

export function openPanel(id) {
  const before = document.querySelector('.panel.open');
  for (const name of ['people', 'clock']) {
    $(name).classList.toggle('open', name === id);
    $(`open-${name}`).setAttribute('aria-expanded', name === id);
  }
  $('chat').inert = Boolean(id) && !wide.matches;
  if (id) $(id).querySelector('.close').focus();
  else if (before) $(`open-${before.id}`).focus();
}

// --- people ---
function faceButton(face, choose) {
  const initial = face.name.trim().split(/\s+/).pop()[0];
  const button = make('button', { type: 'button', className: 'face' },
    make('span', { className: face.group ? 'avatar group' : 'avatar', ariaHidden: 'true' }, initial.toUpperCase()),
    make('span', { className: 'words' }, make('strong', {}, face.name), make('small', {}, face.title)),
    make('span', { className: 'badge', hidden: true }, 'Mới'));
  button.addEventListener('click', () => choose(face.chat_id));
  return button;
}

export function showPeople(faces, choose) {
  people = new Map(faces.map((face) => [face.chat_id, face]));
  if (changed('people', faces.map((face) => [face.chat_id, face.name, face.part]))) {
    rows = new Map(faces.map((face) => [face.chat_id, faceButton(face, choose)]));
    $('faces').replaceChildren(...[...new Set(faces.map((face) => face.part))].map((part) => {
      const members = faces.filter((face) => face.part === part);
      return make('details', {}, make('summary', {}, `${part} (${members.length})`),
        make('ul', {}, ...members.map((face) => make('li', {}, rows.get(face.chat_id)))));
    }));
    find();
  }
  for (const face of faces) rows.get(face.chat_id).querySelector('small').textContent = face.title;
}

const plain = (text) => text.normalize('NFD').replace(/\p{M}/gu, '').replace(/đ/gi, 'd').toLowerCase();

function find() {
  const wanted = plain($('find').value.trim());
  for (const [chat, { name, title, part }] of people) {
    rows.get(chat).parentNode.hidden = !plain(`${name} ${title} ${part}`).includes(wanted);
  }
  for (const part of $('faces').children) {
    part.hidden = !part.querySelector('li:not([hidden])');
    part.open = Boolean(wanted) || part.querySelectorAll('li').length < FOLDED_FROM;
  }
}

export function showWho(who) {
  for (const [chat, row] of rows) row.setAttribute('aria-current', chat === who);
  if ($('find').value) {
    $('find').value = '';
    find();
  }
  const row = rows.get(who);
  if (row) row.closest('details').open = true;
  row?.scrollIntoView({ block: 'nearest' });
}

export const newIn = (chat, unread, seen) => (unread[chat] || 0) > (seen[chat] || 0);

export function showNews(unread, seen, choose) {
  const fresh = [...people.values()].filter((face) =>
    [face.chat_id, face.beside].some((chat) => newIn(chat, unread, seen)));
  for (const [chat, row] of rows) row.lastChild.hidden = !fresh.some((face) => face.chat_id === chat);
  $('count').textContent = fresh.length;
  $('count').hidden = $('news').hidden = !fresh.length;
  if (!changed('news', fresh)) return;
  // One of every part comes first, so that a group's post is not lost among many reminders.
  const place = (face) => fresh.filter((other) => other.part === face.part).indexOf(face);
  const named = fresh.map((face) => [place(face), face]).sort((a, b) => a[0] - b[0]).slice(0, NEWS_NAMED);
  $('news-list').replaceChildren(...named.map(([, face]) => make('li', {}, faceButton(face, choose))));
  const more = fresh.length - named.length;
  $('news-more').textContent = more ? `và ${more} cuộc khác, có dấu Mới trong danh sách vai` : '';
}

// --- clock ---
const clockButtons = () => $('clock').querySelectorAll('#stops button, #other button');

function stopButton(stop) {
  const button = make('button', { type: 'button', title: stop.text }, stop.label);
  button.addEventListener('click', () => moveClock(stop.id, stop.label));
  return button;
}

export function showClock({ clock, stops, moving: elsewhere }) {
  const [hour, ...day] = clock.text.split(' ');
  $('hour').textContent = hour;
  $('day').textContent = day.join(' ');
  $('open-clock').textContent = `Chuyển giờ (${hour} ${day.pop().replace(/\/\d{4}$/, '')})`;
  $('instant').min = clock.local;
  if (changed('stops', stops)) {
    const buttons = stops.map(stopButton);
    const later = buttons.splice(STOPS_NAMED);
    if (later.length) buttons.push(make('details', {}, make('summary', {}, `Các mốc sau (${later.length})`), ...later));
    $('stops').replaceChildren(...buttons);
  }
  for (const button of clockButtons()) button.disabled = moving || elsewhere;
}

async function moveClock(to, label) {
  moving = true;
  for (const button of clockButtons()) button.disabled = true;
  $('moved').textContent = `Đang chuyển ${label}`;
  $('moved').classList.add('busy');
  $('moved').focus({ preventScroll: true }); // the pressed button is about to go
  $('clock').scrollTo({ top: 0 });
  try {
    $('moved').textContent = `Đã đến ${(await ask('/api/clock', { to })).text}.`;
  } catch (problem) {
    $('moved').textContent = problem.status ? problem.message : 'Mất kết nối, đồng chí thử lại.';
  }
  moving = false;
  $('moved').classList.remove('busy');
  for (const button of clockButtons()) button.disabled = false;
}

$('find').addEventListener('input', find);
$('other').addEventListener('submit', (event) => {
  event.preventDefault();
  moveClock($('instant').value, 'đến lúc đã chọn');
});
for (const id of ['open-people', 'begin']) $(id).addEventListener('click', () => openPanel('people'));
$('open-clock').addEventListener('click', () => openPanel('clock'));
