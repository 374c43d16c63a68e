// One phone: shows what was said in one chat, and hands over what is written or tapped there.
import { $, ask, make } from './dom.js';

const SHORT_LABEL = 18; // characters; two such buttons fit side by side, as on Telegram
const LONGEST_SIDE = 1600; // pixels of a photo
const LITTLE = 120; // pixels of a question that may lie above the screen for its buttons to be on it

export const messagesOf = (chat) => `/api/chats/${encodeURIComponent(chat)}/messages`;

export class Phone {
  // kind: its class. title: as people call it. longest: of a message, in units of UTF-16, as strings are counted here.
  // say: takes what was said in the chat on show. looked: told of the newest message that was shown.
  constructor(kind, title, longest, say, looked) {
    Object.assign(this, { kind, title, longest, say, looked });
    this.node = $('phone').content.cloneNode(true).firstElementChild;
    this.node.classList.add(kind);
    this.node.setAttribute('aria-label', `Điện thoại kiểu ${title}`);
    this.log = this.node.querySelector('.log');
    this.log.setAttribute('aria-label', `Cuộc trò chuyện kiểu ${title}`);
    this.text = this.node.querySelector('textarea');
    this.text.setAttribute('aria-label', `Tin nhắn kiểu ${title}`);
    this.text.placeholder = kind === 'zalo' ? 'Nhắn tin, hoặc gõ số để chọn' : 'Nhắn tin';
    this.form = this.node.querySelector('form');
    this.form.addEventListener('submit', (event) => {
      event.preventDefault();
      const text = this.text.value.trim();
      if (!text || !this.chat) return;
      this.fill('');
      for (const piece of pieces(text, this.longest)) this.say(this, { text: piece }, piece);
    });
    this.photo = this.node.querySelector('.photo input');
    this.photo.addEventListener('change', () => this.sendPhotos());
    this.text.addEventListener('input', () => this.fill(this.text.value));
    this.text.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return; // a Vietnamese input method
      event.preventDefault();
      this.form.requestSubmit();
    });
    this.open('', null);
  }

  open(chat, face) {
    this.chat = chat;
    this.last = 0; // its newest message on show
    this.lastDay = '';
    this.placed = 0; // where the page itself scrolled to; elsewhere the person is reading
    this.log.replaceChildren();
    this.name(face);
  }

  name(face) {
    this.face = face;
    this.node.querySelector('h1').textContent = face?.group ? face.name : 'Trợ lý báo cáo';
    const who = face?.group ? [face.title || face.part] : [`Kiểu ${this.title}. Đồng chí là ${face?.name}`, face?.title];
    this.node.querySelector('.role').textContent = who.filter(Boolean).join(', ');
  }

  get shown() {
    return Boolean(this.chat) && !this.node.hidden && !document.hidden && !$('chat').inert;
  }

  // --- what was said ---
  async read() {
    const { chat, log } = this;
    if (!chat || this.node.hidden) return;
    const { messages } = await ask(`${messagesOf(chat)}?after=${this.last}`);
    if (chat !== this.chat) return; // another was chosen meanwhile
    const first = this.last === 0;
    const atEnd = first || log.scrollTop === this.placed || log.scrollHeight - log.scrollTop - log.clientHeight < 80;
    log.setAttribute('aria-busy', first); // a chat's history is not read aloud
    const fresh = messages.filter((message) => message.id > this.last);
    fresh.forEach((message) => this.show(message));
    if (fresh.length && atEnd) this.showEnd();
    if (!log.children.length) log.append(make('p', { className: 'empty' }, `Chưa có tin nào. ${this.face.first}`));
    log.setAttribute('aria-busy', false);
    if (this.shown) this.looked(chat, this.last); // behind a panel nothing is seen
  }

  show(message) {
    const { log } = this;
    this.last = message.id;
    const before = message.mark && log.querySelector(`[data-mark="${message.mark}"]`);
    if (before) return before.replaceWith(this.bubble(message)); // changed where it stands
    log.querySelector('.empty')?.remove();
    if (!message.bot) log.querySelector('.pending')?.remove();
    const waiting = log.querySelector('.pending');
    if (message.day !== this.lastDay) log.insertBefore(make('p', { className: 'day' }, message.day), waiting);
    this.lastDay = message.day;
    for (const choices of log.querySelectorAll('.choices')) choices.classList.add('older');
    log.insertBefore(this.bubble(message), waiting);
  }

  showEnd() {
    const { log } = this;
    log.scrollTop = log.scrollHeight;
    const over = log.lastChild.getBoundingClientRect().top - log.getBoundingClientRect().top - 12;
    if (over < -LITTLE) log.scrollTop += over; // what is longer than the screen is read from its beginning
    this.placed = log.scrollTop;
  }

  bubble(message) {
    const words = make('div', { className: 'bubble' }, make('p', {}, ...this.lines(message)),
      make('time', {}, message.time));
    if (message.sender && !message.bot && this.face.group) {
      words.prepend(make('p', { className: 'sender' }, message.sender));
    }
    if (message.file?.picture) words.prepend(this.enclosed(message.file)); // its text is under it, as on Telegram
    else if (message.file) words.lastChild.before(this.enclosed(message.file));
    const node = make('article', { className: message.bot ? 'message' : 'message mine' }, words);
    if (message.mark) node.dataset.mark = message.mark;
    if (!message.choices.length) return node;
    const broad = message.choices.some((choice) => choice.label.length > SHORT_LABEL);
    const buttons = message.choices.map(({ label, data }) => {
      const button = make('button', { type: 'button' }, label);
      button.addEventListener('click', () => this.say(this, { choice: data, label }, label));
      return button;
    });
    node.append(make('div', { className: broad ? 'choices broad' : 'choices' }, ...buttons));
    return node;
  }

  // The text as pieces: its headings in bold where the phone shows such, all of it as text and never as markup.
  lines({ text, bold = [] }) {
    const heads = this.kind === 'zalo' ? [] : bold;
    return text.split('\n').flatMap((line) => ['\n', heads.includes(line) ? make('b', {}, line) : line]).slice(1);
  }

  enclosed({ name, picture, url }) {
    if (!picture) return make('a', { className: 'file', href: url, download: name }, name);
    const image = make('img', { src: url, alt: name });
    // It grows when it has come, and would push what was shown last out of sight.
    image.addEventListener('load', () => { if (this.log.scrollTop === this.placed) this.showEnd(); });
    return make('a', { className: 'picture', href: url, target: '_blank' }, image);
  }

  // --- what is being said ---
  wait(words) {
    const pending = this.bubble({ text: words, time: 'đang gửi', choices: [] });
    pending.classList.add('pending');
    this.log.querySelector('.empty')?.remove();
    this.log.append(pending);
    this.showEnd();
    return pending;
  }

  // What is written goes under the first photo, as on a phone.
  async sendPhotos() {
    const files = [...this.photo.files];
    this.photo.value = '';
    for (const file of files) {
      const text = this.text.value.trim();
      const photo = await smaller(file).catch(() => '');
      this.fill('');
      this.say(this, { photo, ...(text && { text }) }, text ? `(ảnh) ${text}` : '(ảnh)');
    }
  }

  fill(text) {
    this.text.value = text;
    this.text.style.height = 'auto';
    this.text.style.height = `${this.text.scrollHeight + 2}px`;
  }
}

// A photo as the app of a phone sends it: no side longer than that, as JPEG; in base64.
async function smaller(file) {
  const whole = await createImageBitmap(file);
  const scale = Math.min(1, LONGEST_SIDE / Math.max(whole.width, whole.height));
  const canvas = make('canvas', { width: Math.round(whole.width * scale), height: Math.round(whole.height * scale) });
  canvas.getContext('2d').drawImage(whole, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL('image/jpeg', 0.85).split(',')[1];
}

// A text as the app of a phone sends it: cut at the last end of a line, else at a blank, where it is too long.
function pieces(text, longest) {
  const found = [];
  let rest = text;
  while (rest.length > longest) {
    const part = rest.slice(0, longest + 1);
    const cut = Math.max(part.lastIndexOf('\n'), 0) || Math.max(part.lastIndexOf(' '), 0) || longest;
    found.push(rest.slice(0, cut));
    rest = rest.slice(cut).trimStart();
  }
  return [...found, rest];
}
