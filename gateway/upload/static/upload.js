// The phone's page: files go up one after another as they are, the server says what it made of them.
"use strict";

const main = document.getElementById("send");
const words = JSON.parse(main.dataset.words);
const most = Number(main.dataset.most);
const names = new Map();
for (const input of document.querySelectorAll("input[name=component]")) {
  names.set(input.value, input.closest("label").textContent.trim());
}
const element = (id) => document.getElementById(id);
const fault = (text) => {
  element("fault").textContent = text || "";
  element("fault").hidden = !text;
};
const make = (tag, text, kind) => {
  const made = document.createElement(tag);
  made.textContent = text || "";
  if (kind) made.className = kind;
  return made;
};

let pages = [];

async function ask(path, options) {
  let answer;
  try {
    answer = await fetch(path, { method: "POST", ...options });
  } catch {
    fault(words["upload.js.lost"]);
    return null;
  }
  const body = await answer.json().catch(() => ({ fault: "lost" }));
  if (!answer.ok) {
    fault(words["upload.js." + body.fault] || words["upload.js.lost"]);
    if (body.fault === "over") {
      for (const button of document.querySelectorAll("button, input")) button.disabled = true;
    }
    return null;
  }
  show(body);
  return body;
}

function show(state) {
  pages = state.pages;
  element("pages").hidden = pages.length === 0;
  element("strip").replaceChildren(...pages.map(pageItem));
  element("sent").hidden = state.documents.length === 0;
  element("documents").replaceChildren(...state.documents.map(documentItem));
}

function pageItem(page) {
  const item = document.createElement("li");
  if (page.picture) {
    const picture = new Image();
    picture.src = `/s/pages/${page.id}`;
    picture.alt = words["upload.js.page"];
    item.append(picture);
  } else {
    item.append(make("div", words["upload.js.pdf"].replace("{pages}", page.pages), "file"));
  }
  const drop = make("button", words["upload.js.drop"], "small");
  drop.type = "button";
  drop.addEventListener("click", () => { fault(""); ask(`/s/pages/${page.id}/delete`); });
  item.append(drop);
  return item;
}

function documentItem(sent) {
  const item = document.createElement("li");
  const name = (sent.component && names.get(sent.component)) || words["upload.js.other"];
  item.append(make("strong", name), make("span", words["upload.js.count"].replace("{pages}", sent.pages)));
  const back = make("button", words["upload.js.back"], "small");
  back.type = "button";
  back.addEventListener("click", () => ask(`/s/documents/${sent.id}/delete`));
  item.append(back);
  return item;
}

element("file").addEventListener("change", async (event) => {
  const chosen = [...event.target.files];
  fault("");
  element("busy").hidden = false;
  element("done").disabled = true;
  for (const file of chosen) {
    if (file.size > most) {
      fault(words["upload.js.too-large"]);
      continue;
    }
    if ((await ask("/s/pages", { body: file })) === null) break;
  }
  event.target.value = "";
  element("busy").hidden = true;
  element("done").disabled = false;
});

element("done").addEventListener("click", async () => {
  fault("");
  const chosen = document.querySelector("input[name=component]:checked");
  const body = JSON.stringify({ component: chosen ? chosen.value : "", pages: pages.map((page) => page.id) });
  element("done").disabled = true;
  const state = await ask("/s/documents", { body, headers: { "Content-Type": "application/json" } });
  element("done").disabled = false;
  if (state === null) return;
  const sent = new Set(state.documents.map((one) => one.component));
  const next = [...document.querySelectorAll("input[name=component]")].find((one) => one.value && !sent.has(one.value));
  if (next) next.checked = true;
  element("sent").scrollIntoView({ block: "nearest" });
});

show(JSON.parse(main.dataset.state));
