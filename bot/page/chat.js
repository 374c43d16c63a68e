// The chat page: shows one person's chat, sends what they say, and follows the news of all chats.
'use strict';

const $ = (id) => document.getElementById(id);
const log = $('log');
const wide = matchMedia('(min-width: 960px)');
const SHORT_LABEL = 18; // characters; two such buttons fit side by side, as on Telegram

let people = new Map(); // chat id -> face
let rows = new Map(); // chat id -> its button in the list
let unread = {}; // chat id -> id of the bot's newest message
let who = ''; // the chat on show
let last = 0; // its newest message on show
let lastDay = '';
let run = ''; // the process that serves the page
let moving = false;
const built = {}; // what the lists were built from; rebuilding one takes the focus away
const queue = []; // what was said and is not yet stored
const seen = JSON.parse(sessionStorage.getItem('seen') || '{}');

function make(tag, properties, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
}

function changed(name, value) {
  const text = JSON.stringify(value);
  const same = built[name] === text;
  built[name] = text;
  return !same;
}

const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const messagesOf = (chat) => `/api/chats/${encodeURIComponent(chat)}/messages`;

async function ask(path, body) {
  const post = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
  const response = await fetch(path, body ? post : {});
  const data = await response.json().catch(() => ({}));
  if (response.ok) return data;
  throw Object.assign(new Error(data.error || 'Máy chủ gặp lỗi, đồng chí thử lại.'), { status: response.status });
}

function complain(line) {
  $('trouble').textContent = line;
  $('trouble').hidden = !line;
}

// --- people ---
const plain = (text) => text.normalize('NFD').replace(/\p{M}/gu, '').replace(/đ/gi, 'd').toLowerCase();

function faceButton(face) {
  const initial = face.name.trim().split(/\s+/).pop()[0];
  const button = make('button', { type: 'button', className: 'face' },
    make('span', { className: face.group ? 'avatar group' : 'avatar', ariaHidden: 'true' }, initial.toUpperCase()),
    make('span', { className: 'words' }, make('strong', {}, face.name), make('small', {}, face.title)),
    make('span', { className: 'badge', hidden: true }, 'Mới'));
  button.addEventListener('click', () => choose(face.chat_id));
  return button;
}

function showPeople(faces) {
  if (!changed('people', faces)) return;
  people = new Map(faces.map((face) => [face.chat_id, face]));
  rows = new Map(faces.map((face) => [face.chat_id, faceButton(face)]));
  const parts = [...new Set(faces.map((face) => face.part))];
  $('faces').replaceChildren(...parts.map((part) => make('section', {}, make('h3', {}, part),
    make('ul', {}, ...faces.filter((face) => face.part === part).map((face) => make('li', {}, rows.get(face.chat_id)))))));
  $('find').hidden = faces.length < 12;
  find();
  showWho();
}

function find() {
  const wanted = plain($('find').value.trim());
  for (const [chat, { name, title, part }] of people) {
    rows.get(chat).parentNode.hidden = !plain(`${name} ${title} ${part}`).includes(wanted);
  }
  for (const section of $('faces').children) section.hidden = !section.querySelector('li:not([hidden])');
}

function showWho() {
  const face = people.get(who);
  $('welcome').hidden = Boolean(face);
  log.hidden = !face;
  $('text').disabled = $('send').disabled = !face;
  $('who').textContent = face?.group ? face.name : 'Trợ lý báo cáo';
  $('role').textContent = !face ? 'Chưa chọn vai'
    : [face.group ? 'Nhóm' : `Đồng chí là ${face.name}`, face.title].filter(Boolean).join(', ');
  for (const [chat, row] of rows) row.setAttribute('aria-current', chat === who);
}

function showNews() {
  const fresh = [...people.values()].filter(({ chat_id: id }) => (unread[id] || 0) > (seen[id] || 0));
  for (const [chat, row] of rows) row.lastChild.hidden = !fresh.some((face) => face.chat_id === chat);
  $('count').textContent = fresh.length;
  $('count').hidden = $('news').hidden = !fresh.length;
  if (changed('news', fresh)) $('news-list').replaceChildren(...fresh.map((face) => make('li', {}, faceButton(face))));
}

function choose(chat) {
  openPanel(null);
  if (wide.matches) $('text').focus();
  if (chat === who) return;
  who = people.has(chat) ? chat : '';
  history.replaceState(null, '', who ? `#${encodeURIComponent(who)}` : ' ');
  log.replaceChildren();
  last = 0;
  lastDay = '';
  showWho();
  if (wide.matches) $('text').focus();
  readChat().catch(() => {}); // follow() reads it again and tells what is wrong
}

// --- messages ---
async function readChat() {
  const chat = who;
  if (!chat) return;
  const first = last === 0;
  const { messages } = await ask(`${messagesOf(chat)}?after=${last}`);
  if (chat !== who) return; // another was chosen meanwhile
  log.setAttribute('aria-busy', first); // a chat's history is not read aloud
  const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 80;
  const fresh = messages.filter((message) => message.id > last);
  fresh.forEach(show);
  if (!log.children.length) {
    log.append(make('p', { className: 'empty' }, people.get(chat).group
      ? 'Chưa có tin nào. Tin của trợ lý gửi nhóm cụm sẽ hiện ở đây.'
      : 'Chưa có tin nào. Đồng chí nhắn bc để bắt đầu báo cáo, hoặc trogiup để xem cách dùng.'));
  }
  if (fresh.length && (atEnd || first)) log.scrollTop = log.scrollHeight;
  log.setAttribute('aria-busy', false);
  if (document.hidden || $('phone').inert) return; // behind a sheet nothing is seen
  seen[chat] = Math.max(seen[chat] || 0, last);
  sessionStorage.setItem('seen', JSON.stringify(seen));
  showNews();
}

function show(message) {
  last = message.id;
  log.querySelector('.empty')?.remove();
  if (!message.bot) log.querySelector('.pending')?.remove();
  const waiting = log.querySelector('.pending');
  if (message.day !== lastDay) log.insertBefore(make('p', { className: 'day' }, message.day), waiting);
  lastDay = message.day;
  for (const choices of log.querySelectorAll('.choices')) choices.classList.add('older');
  log.insertBefore(bubble(message), waiting);
}

function bubble(message) {
  const words = make('div', { className: 'bubble' }, make('p', {}, message.text), make('time', {}, message.time));
  if (message.sender && !message.bot && people.get(who).group) {
    words.prepend(make('p', { className: 'sender' }, message.sender));
  }
  const node = make('article', { className: message.bot ? 'message' : 'message mine' }, words);
  if (!message.choices.length) return node;
  const broad = message.choices.some((choice) => choice.label.length > SHORT_LABEL);
  const buttons = message.choices.map(({ label, data }) => {
    const button = make('button', { type: 'button' }, label);
    button.addEventListener('click', () => say({ choice: data, label }, label));
    return button;
  });
  node.append(make('div', { className: broad ? 'choices broad' : 'choices' }, ...buttons));
  return node;
}

// Each thing said has an id of its own, so it can be sent again until an answer comes and still counts once.
function say(body, words) {
  const id = Array.from(crypto.getRandomValues(new Uint8Array(16)), (n) => n.toString(16).padStart(2, '0')).join('');
  const pending = bubble({ text: words, time: 'đang gửi', choices: [] });
  pending.classList.add('pending');
  log.querySelector('.empty')?.remove();
  log.append(pending);
  log.scrollTop = log.scrollHeight;
  complain('');
  queue.push({ chat: who, body: { id, ...body }, pending });
  if (queue.length === 1) sendAll();
}

async function sendAll() {
  for (; queue.length; queue.shift()) {
    const { chat, body, pending } = queue[0];
    for (let sent = false; !sent; ) {
      try {
        await ask(messagesOf(chat), body);
        sent = true;
      } catch (problem) {
        sent = Boolean(problem.status); // answered, though with a refusal
        complain(sent ? problem.message : 'Mất kết nối. Tin sẽ được gửi khi có mạng lại.');
        if (sent) pending.remove();
        else await pause(1500);
        if (sent && body.text && !$('text').value) fill(body.text);
      }
    }
    await readChat().catch(() => {});
  }
}

function fill(text) {
  $('text').value = text;
  $('text').style.height = 'auto';
  $('text').style.height = `${$('text').scrollHeight + 2}px`;
}

// --- clock ---
const clockButtons = () => $('clock').querySelectorAll('#stops button, #other button');

function showClock(state) {
  const [hour, ...day] = state.clock.text.split(' ');
  $('hour').textContent = hour;
  $('day').textContent = day.join(' ');
  $('open-clock').textContent = `Chuyển giờ (${hour} ${day.pop().replace(/\/\d{4}$/, '')})`;
  $('instant').min = state.clock.local;
  if (changed('stops', state.stops)) {
    $('stops').replaceChildren(...state.stops.map((stop) => {
      const button = make('button', { type: 'button', title: stop.text }, stop.label);
      button.addEventListener('click', () => moveClock(stop.id, stop.label));
      return button;
    }));
  }
  for (const button of clockButtons()) button.disabled = moving || state.moving;
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

// --- page ---
function openPanel(id) {
  const before = document.querySelector('.panel.open');
  for (const name of ['people', 'clock']) {
    $(name).classList.toggle('open', name === id);
    $(`open-${name}`).setAttribute('aria-expanded', name === id);
  }
  $('phone').inert = Boolean(id) && !wide.matches;
  if (id) $(id).querySelector('.close').focus();
  else if (before) $(`open-${before.id}`).focus();
  if (!id) readChat().catch(() => {});
}

async function follow() {
  for (let query = ''; ; ) {
    try {
      const state = await ask(`/api/state${query}`);
      if (run && state.run !== run) location.reload(); // another process, perhaps with another database
      run = state.run;
      unread = state.unread;
      showPeople(state.people);
      showClock(state);
      showNews();
      if (!query) complain('');
      if (!query && !who) choose(decodeURIComponent(location.hash.slice(1)));
      await readChat();
      query = `?news=${state.news}&wait=25`;
    } catch (problem) {
      query = '';
      complain(problem.status ? problem.message : 'Mất kết nối với trợ lý, đang nối lại.');
      await pause(1500);
    }
  }
}

$('composer').addEventListener('submit', (event) => {
  event.preventDefault();
  const text = $('text').value.trim();
  if (!text || !who) return;
  fill('');
  say({ text }, text);
});
$('text').addEventListener('input', () => fill($('text').value));
$('text').addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return; // composing: a Vietnamese input method
  event.preventDefault();
  $('composer').requestSubmit();
});
$('find').addEventListener('input', find);
$('other').addEventListener('submit', (event) => {
  event.preventDefault();
  moveClock($('instant').value, 'đến lúc đã chọn');
});
for (const id of ['open-people', 'begin']) $(id).addEventListener('click', () => openPanel('people'));
$('open-clock').addEventListener('click', () => openPanel('clock'));
for (const button of document.querySelectorAll('.close')) button.addEventListener('click', () => openPanel(null));
document.addEventListener('keydown', (event) => { if (event.key === 'Escape') openPanel(null); });
document.addEventListener('visibilitychange', () => readChat().catch(() => {}));
addEventListener('hashchange', () => choose(decodeURIComponent(location.hash.slice(1))));
wide.addEventListener('change', () => openPanel(null));
follow();
