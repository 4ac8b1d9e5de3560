// What every script of the report stands on: data and scripts loaded once, and parts of a page that
// are set up when they come and taken down when they leave. Nothing is asked of any other site.
(() => {
  "use strict";

  const report = (window.report ??= {});
  const data = (report.data ??= {});
  const ROOT = new URL("../", document.currentScript.src); // of the site
  const loading = new Map(); // path → promise
  const kinds = []; // [selector, set up]
  const live = new Map(); // element → what takes it down

  // The address of a path on the site, from whatever page.
  report.url = (path) => new URL(path, ROOT).href;

  // Load a script of the site, once. Scripts, because a page from a file cannot fetch.
  report.script = (path) => {
    if (!loading.has(path)) {
      loading.set(path, new Promise((resolve, reject) => {
        const script = document.createElement("script");
        script.src = report.url(path);
        script.onload = () => resolve();
        script.onerror = () => {
          loading.delete(path); // another try may find the network again
          reject(new Error(`cannot load ${path}`));
        };
        document.head.append(script);
      }));
    }
    return loading.get(path);
  };

  // What the script at data/v1/NAME.js holds.
  report.load = async (name) => {
    if (!(name in data)) await report.script(`data/v1/${name}.js`);
    if (!(name in data)) throw new Error(`data/v1/${name}.js holds something else`);
    return data[name];
  };

  // Set up every element of a selector, on this page and on those that follow. `setUp` may return a
  // function that takes it down again.
  report.mount = (selector, setUp) => {
    kinds.push([selector, setUp]);
    if (started) mountAll();
  };

  let started = false;

  function mountAll() {
    for (const [element, takeDown] of [...live]) {
      if (element.isConnected) continue;
      live.delete(element);
      takeDown();
    }
    for (const [selector, setUp] of kinds) {
      for (const element of document.querySelectorAll(selector)) {
        if (!live.has(element)) live.set(element, setUp(element) ?? (() => {}));
      }
    }
  }

  function start() {
    started = true;
    mountAll();
    // Instant navigation exchanges the page's content; from a file there is none.
    document.addEventListener("DOMContentLoaded", () => window.document$?.subscribe(mountAll));
  }

  // The parts that follow this one in the script register first.
  // The script stands at the end of the page, so all of its content is there.
  queueMicrotask(start);

  const SVG = new Set(["svg", "path", "rect"]);

  // An element with text and attributes; text is never read as HTML.
  report.element = (name, attributes = {}, ...content) => {
    const made = SVG.has(name)
      ? document.createElementNS("http://www.w3.org/2000/svg", name) : document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (value === true) made.setAttribute(key, "");
      else if (value !== null && value !== undefined && value !== false) made.setAttribute(key, value);
    }
    made.append(...content.flat().filter((part) => part !== null && part !== undefined));
    return made;
  };

  // A tree of elements as hooks/report/elements.py makes it: text, or [name, attributes, content]. A link that
  // begins with ~/ leads to the root of the site.
  report.build = (tree) => {
    if (typeof tree === "string") return tree;
    const [name, { ...attributes }, content] = tree;
    if (attributes.href?.startsWith("~/")) attributes.href = report.url(attributes.href.slice(2));
    return report.element(name, attributes, ...content.map(report.build));
  };
})();
