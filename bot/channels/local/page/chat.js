// The chat: shows what was said in one person's chat, sends what they say, and follows the news of all chats.
import { $, ask, make } from './dom.js';
import { openPanel, people, showClock, showNews, showPeople, showWho, wide } from './panels.js';

const log = $('log');
const SHORT_LABEL = 18; // characters; two such buttons fit side by side, as on Telegram
const LITTLE = 120; // pixels of a question that may lie above the screen for its buttons to be on it

let unread = {}; // chat id -> id of the bot's newest message
let who = ''; // the chat on show
let last = 0; // its newest message on show
let lastDay = '';
let placed = 0; // where the page itself scrolled to; elsewhere the person is reading
let run = ''; // the process that serves the page
const queue = []; // what was said and is not yet stored
const seen = JSON.parse(sessionStorage.getItem('seen') || '{}'); // chat id -> newest message looked at

const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const messagesOf = (chat) => `/api/chats/${encodeURIComponent(chat)}/messages`;

function complain(line) {
  $('trouble').textContent = line;
  $('trouble').hidden = !line;
}

function choose(chat) {
  closePanels();
  if (chat !== who) {
    who = people.has(chat) ? chat : '';
    history.replaceState(null, '', who ? `#${encodeURIComponent(who)}` : ' ');
    log.replaceChildren();
    last = 0;
    lastDay = '';
    showHeader();
    showWho(who);
    readChat().catch(() => {}); // follow() reads it again and tells what is wrong
  }
  if (wide.matches) $('text').focus();
}

function showHeader() {
  const face = people.get(who);
  $('welcome').hidden = Boolean(face);
  log.hidden = !face;
  $('text').disabled = $('send').disabled = !face;
  $('who').textContent = face?.group ? face.name : 'Trợ lý báo cáo';
  if (!face) $('role').textContent = 'Chưa chọn vai';
  else if (face.group) $('role').textContent = face.title || face.part;
  else $('role').textContent = ['Đồng chí là ' + face.name, face.title].filter(Boolean).join(', ');
}

function closePanels() {
  openPanel(null);
  readChat().catch(() => {}); // what came behind the panel is seen now
}

// --- what was said ---
async function readChat() {
  const chat = who;
  if (!chat) return;
  const { messages } = await ask(`${messagesOf(chat)}?after=${last}`);
  if (chat !== who) return; // another was chosen meanwhile
  const first = last === 0;
  const atEnd = first || log.scrollTop === placed || log.scrollHeight - log.scrollTop - log.clientHeight < 80;
  log.setAttribute('aria-busy', first); // a chat's history is not read aloud
  const fresh = messages.filter((message) => message.id > last);
  fresh.forEach(show);
  if (fresh.length && atEnd) showEnd();
  if (!log.children.length) {
    log.append(make('p', { className: 'empty' }, `Chưa có tin nào. ${people.get(chat).first}`));
  }
  log.setAttribute('aria-busy', false);
  if (document.hidden || $('phone').inert) return; // behind a panel nothing is seen
  seen[chat] = Math.max(seen[chat] || 0, last);
  sessionStorage.setItem('seen', JSON.stringify(seen));
  showNews(unread, seen, choose);
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

function showEnd() {
  log.scrollTop = log.scrollHeight;
  const over = log.lastChild.getBoundingClientRect().top - log.getBoundingClientRect().top - 12;
  if (over < -LITTLE) log.scrollTop += over; // what is longer than the screen is read from its beginning
  placed = log.scrollTop;
}

// The text as pieces: its headings in bold, all of it as text and never as markup.
function lines({ text, bold = [] }) {
  const pieces = text.split('\n').flatMap((line) => ['\n', bold.includes(line) ? make('b', {}, line) : line]);
  return pieces.slice(1);
}

function bubble(message) {
  const words = make('div', { className: 'bubble' }, make('p', {}, ...lines(message)), make('time', {}, message.time));
  if (message.sender && !message.bot && people.get(who).group) {
    words.prepend(make('p', { className: 'sender' }, message.sender));
  }
  if (message.file?.picture) words.prepend(enclosed(message.file)); // its text is under it, as on Telegram
  else if (message.file) words.lastChild.before(enclosed(message.file));
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

function enclosed({ name, picture, url }) {
  if (!picture) return make('a', { className: 'file', href: url, download: name }, name);
  const image = make('img', { src: url, alt: name });
  // It grows when it has come, and would push what was shown last out of sight.
  image.addEventListener('load', () => { if (log.scrollTop === placed) showEnd(); });
  return make('a', { className: 'picture', href: url, target: '_blank' }, image);
}

// --- what is being said ---
// Each thing said has an id of its own, so it can be sent again until an answer comes and still counts once.
function say(body, words) {
  const id = Array.from(crypto.getRandomValues(new Uint8Array(16)), (n) => n.toString(16).padStart(2, '0')).join('');
  const pending = bubble({ text: words, time: 'đang gửi', choices: [] });
  pending.classList.add('pending');
  log.querySelector('.empty')?.remove();
  log.append(pending);
  showEnd();
  complain('');
  queue.push({ chat: who, body: { id, ...body }, pending });
  if (queue.length === 1) sendAll();
}

async function sendAll() {
  for (; queue.length; queue.shift()) {
    const { chat, body, pending } = queue[0];
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
        if (answered && body.text && !$('text').value) fill(body.text);
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
      showHeader();
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
for (const button of document.querySelectorAll('.close')) button.addEventListener('click', closePanels);
document.addEventListener('keydown', (event) => { if (event.key === 'Escape') closePanels(); });
document.addEventListener('visibilitychange', () => readChat().catch(() => {}));
addEventListener('hashchange', () => choose(decodeURIComponent(location.hash.slice(1))));
wide.addEventListener('change', closePanels);
follow();
