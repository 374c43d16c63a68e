// The chat: whom one is, on which phones, what they say to the server, and the news of all chats.
import { Phone, messagesOf } from './phone.js';
import { $, ask } from './dom.js';
import { both, newIn, openPanel, people, showClock, showNews, showPeople, showWho, wide } from './panels.js';

let unread = {}; // chat id -> id of the bot's newest message
let who = ''; // the first chat of whoever is played
let run = ''; // the process that serves the page
const queue = []; // what was said and is not yet stored
const seen = JSON.parse(sessionStorage.getItem('seen') || '{}'); // chat id -> newest message looked at

const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const looked = (chat, last) => {
  seen[chat] = Math.max(seen[chat] || 0, last);
  sessionStorage.setItem('seen', JSON.stringify(seen));
  showNews(unread, seen, choose);
  showSwaps();
};
const telegram = new Phone('telegram', 'Telegram', Infinity, say, looked);
const zalo = new Phone('zalo', 'Zalo', 2000, say, looked);
const phones = [telegram, zalo];
let held = telegram; // the one in hand, where there is room for one only

function complain(line) {
  $('trouble').textContent = line;
  $('trouble').hidden = !line;
}

const readAll = () => Promise.all(phones.map((phone) => phone.read()));

function choose(chat) {
  closePanels();
  if (chat !== who) {
    who = people.has(chat) ? chat : '';
    history.replaceState(null, '', who ? `#${encodeURIComponent(who)}` : ' ');
    const face = people.get(who);
    telegram.open(who, face);
    zalo.open(face?.beside || '', face);
    if (!both.matches && face?.beside && newIn(face.beside, unread, seen) && !newIn(who, unread, seen)) held = zalo;
    showPhones();
    showWho(who);
    readAll().catch(() => {}); // follow() reads it again and tells what is wrong
  }
  if (wide.matches) held.text.focus();
}

function showPhones() {
  const face = people.get(who);
  $('welcome').hidden = Boolean(face);
  $('phones').hidden = !face;
  if (!face?.beside) held = telegram;
  telegram.node.hidden = held !== telegram && !both.matches;
  zalo.node.hidden = !zalo.chat || (held !== zalo && !both.matches);
  for (const phone of phones) if (face) phone.name(face);
  showSwaps();
}

function showSwaps() {
  for (const [phone, other] of [[telegram, zalo], [zalo, telegram]]) {
    const swap = phone.node.querySelector('.swap');
    swap.hidden = both.matches || !zalo.chat;
    swap.textContent = newIn(other.chat, unread, seen) ? `Sang ${other.title} (tin mới)` : `Sang ${other.title}`;
  }
}

function swap(to) {
  held = to;
  showPhones();
  readAll().catch(() => {});
  if (wide.matches) to.text.focus();
}

function closePanels() {
  openPanel(null);
  readAll().catch(() => {}); // what came behind the panel is seen now
}

// --- what is being said ---
// Each thing said has an id of its own, so it can be sent again until an answer comes and still counts once.
function say(phone, body, words) {
  const id = Array.from(crypto.getRandomValues(new Uint8Array(16)), (n) => n.toString(16).padStart(2, '0')).join('');
  complain('');
  queue.push({ phone, chat: phone.chat, body: { id, ...body }, pending: phone.wait(words) });
  if (queue.length === 1) sendAll();
}

async function sendAll() {
  for (; queue.length; queue.shift()) {
    const { phone, chat, body, pending } = queue[0];
    for (let answered = false; !answered; ) {
      try {
        await ask(messagesOf(chat), body);
        answered = true;
        complain('');
      } catch (problem) {
        answered = Boolean(problem.status);
        complain(answered ? problem.message : 'Mất kết nối. Tin sẽ được gửi khi có mạng lại.');
        if (answered) pending.remove();
        else await pause(1500);
        if (answered && body.text && !phone.text.value) phone.fill(body.text);
      }
    }
    await phone.read().catch(() => {});
  }
}

// --- all chats ---
async function follow() {
  for (let query = ''; ; ) {
    try {
      const state = await ask(`/api/state${query}`);
      if (run && state.run !== run) location.reload(); // another process, perhaps with another database
      run = state.run;
      unread = state.unread;
      showPeople(state.people, choose);
      showClock(state);
      showNews(unread, seen, choose);
      showPhones();
      if (!query) complain('');
      if (!query && !who) choose(decodeURIComponent(location.hash.slice(1)));
      await readAll();
      query = `?news=${state.news}&wait=25`;
    } catch (problem) {
      query = '';
      complain(problem.status ? problem.message : 'Mất kết nối với trợ lý, đang nối lại.');
      await pause(1500);
    }
  }
}

$('phones').append(...phones.map((phone) => phone.node));
telegram.node.querySelector('.swap').addEventListener('click', () => swap(zalo));
zalo.node.querySelector('.swap').addEventListener('click', () => swap(telegram));
for (const phone of phones) phone.text.addEventListener('focus', () => { held = phone; });
for (const button of document.querySelectorAll('.close')) button.addEventListener('click', closePanels);
document.addEventListener('keydown', (event) => { if (event.key === 'Escape') closePanels(); });
document.addEventListener('visibilitychange', () => readAll().catch(() => {}));
addEventListener('hashchange', () => choose(decodeURIComponent(location.hash.slice(1))));
wide.addEventListener('change', closePanels);
both.addEventListener('change', () => swap(held));
follow();
