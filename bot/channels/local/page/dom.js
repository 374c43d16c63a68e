// Small pieces both halves of the page use: elements made without markup, and questions to the server.

export const $ = (id) => document.getElementById(id);

export function make(tag, properties, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
}

export async function ask(path, body) {
  const post = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
  const response = await fetch(path, body ? post : {});
  const data = await response.json().catch(() => ({}));
  if (response.ok) return data;
  throw Object.assign(new Error(data.error || 'Máy chủ gặp lỗi, đồng chí thử lại.'), { status: response.status });
}

const built = {}; // what the lists were built from; rebuilding one takes the focus away
export function changed(name, value) {
  const text = JSON.stringify(value);
  const same = built[name] === text;
  built[name] = text;
  return !same;
}
