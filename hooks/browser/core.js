// The base of all scripts: loads data and scripts once, sets up parts of a page when they appear and
// takes them down when they leave, and builds elements. Nothing is requested from other sites.

const data = (report.data ??= {});
const ROOT = new URL("../", document.currentScript.src); // the root of the site
const loading = new Map(); // path → promise
const mounts = []; // [selector, setUp]
const live = new Map(); // element → function that takes it down

// The URL of a path on the site.
report.url = (path) => new URL(path, ROOT).href;

// Load a script of the site once. Data are scripts too, because a page opened from a file cannot fetch.
report.script = (path) => {
  if (!loading.has(path)) {
    loading.set(path, new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = report.url(path);
      script.onload = () => resolve();
      script.onerror = () => {
        loading.delete(path); // the next attempt may succeed
        reject(new Error(`cannot load ${path}`));
      };
      document.head.append(script);
    }));
  }
  return loading.get(path);
};

// The data in the script at data/v1/NAME.js.
report.load = async (name) => {
  if (!(name in data)) await report.script(`data/v1/${name}.js`);
  if (!(name in data)) throw new Error(`data/v1/${name}.js contains other data`);
  return data[name];
};

// The leaderboards of a run, or of the newest results, as hooks/report/charts/payload.py makes them; one of
// them by its name; and the line of one with a key.
const all = (run) => report.load(`boards/${run || "latest"}`);
const named = async (name, run) => (await all(run)).find((board) => board.name === name);
const line = (board, key) => board?.lines.find((each) => each.key === key);

report.boards = { all, named, line };

// Set up every element that matches a selector, on this page and on later ones. `setUp` may return a
// function that takes the element down.
report.mount = (selector, setUp) => {
  mounts.push([selector, setUp]);
  if (started) mountAll();
};

let started = false;

function mountAll() {
  for (const [element, takeDown] of [...live]) {
    if (element.isConnected) continue;
    live.delete(element);
    takeDown();
  }
  for (const [selector, setUp] of mounts) {
    for (const element of document.querySelectorAll(selector)) {
      if (!live.has(element)) live.set(element, setUp(element) ?? (() => {}));
    }
  }
}

function start() {
  started = true;
  mountAll();
  // Instant navigation replaces the page's content; a page opened from a file has none.
  document.addEventListener("DOMContentLoaded", () => window.document$?.subscribe(mountAll));
}

// Later scripts register their parts first. The bundle is at the end of the page, after its content.
queueMicrotask(start);

const SVG = new Set(["svg", "path"]);

// An element with attributes and content; text is never parsed as HTML.
report.element = (name, attributes = {}, ...content) => {
  const element = SVG.has(name)
    ? document.createElementNS("http://www.w3.org/2000/svg", name) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(key, "");
    else if (value != null && value !== false) element.setAttribute(key, value);
  }
  element.append(...content.flat().filter((part) => part != null));
  return element;
};

// An element from a tree that hooks/report/elements.py made: text, or [name, attributes, content]. A
// link that begins with ~/ starts at the root of the site.
report.build = (tree) => {
  if (typeof tree === "string") return tree;
  const [name, { ...attributes }, content] = tree;
  if (attributes.href?.startsWith("~/")) attributes.href = report.url(attributes.href.slice(2));
  return report.element(name, attributes, ...content.map(report.build));
};
