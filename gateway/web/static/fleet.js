// The fleet's page: every kiosk, the worst first.
import { button, fill, listen, make, post, root, say, timeOf } from "/static/live.js";

const admin = root.dataset.admin === "yes";
const english = root.dataset.language === "en";
const opened = new Set();
let state = null;
let behind = 0;

// Where there is no text for a name (a device of a newer kiosk) the name itself is the best one.
const named = (area, name) => {
  const id = `fleet.${area}.${name}`;
  const text = say(id);
  return text === id ? name : text;
};

function ago(moment) {
  const seconds = Math.max(0, Math.round((Date.now() - behind - new Date(moment)) / 1000));
  if (seconds < 90) return say("fleet.seconds", { count: seconds });
  if (seconds < 5400) return say("fleet.minutes", { count: Math.round(seconds / 60) });
  return say("fleet.hours", { count: Math.round(seconds / 3600) });
}

function alarm(one) {
  const item = make("li", undefined, one.over_at ? "over" : "");
  item.dataset.alarm = one.kind;
  const what = one.subject ? `${named("kind", one.kind)}: ${named("device", one.subject)}` : named("kind", one.kind);
  item.append(make("b", what));
  if (one.failure_code) item.append(make("span", one.failure_code, "number"));
  item.append(make("span", say("fleet.since", { time: timeOf(one.since) })));
  if (one.over_at) item.append(make("span", say("fleet.over", { time: timeOf(one.over_at) })));
  if (one.seen_by) item.append(make("span", say("fleet.seenby", { name: one.seen_by })));
  else item.append(button(say("fleet.see"), () => post(`/staff/fleet/alarms/${one.id}/seen`)));
  const cure = one.failure_code ? say(`${one.failure_code}.cure`) : "";
  if (cure && cure !== `${one.failure_code}.cure`) item.append(make("span", cure, "cure"));
  return item;
}

function device(one) {
  const row = make("tr");
  row.dataset.device = one.name;
  const last = one.last_failure ? `${one.last_failure} ${one.last_failure_at ? timeOf(one.last_failure_at) : ""}` : "";
  for (const text of [named("device", one.name), named("state", one.state), one.since ? ago(one.since) : "", String(one.losses),
    one.failure_code ?? "", last]) row.append(make("td", text));
  return row;
}

function bundle(one) {
  const item = make("li");
  item.dataset.bundle = one.id;
  const day = new Date(one.received_at).toLocaleDateString("en-GB", { day: "2-digit", month: "2-digit", timeZone: "Asia/Ho_Chi_Minh" });
  const kilobytes = Math.max(1, Math.floor(one.bytes / 1024));
  item.append(make("span", say("fleet.bundle", { day, time: timeOf(one.received_at), kilobytes, id: one.id.slice(0, 8) })));
  const link = make("a", say("fleet.fetch"));
  link.href = `/staff/fleet/bundles/${one.id}`;
  link.download = "";
  item.append(link);
  return item;
}

function details(kiosk) {
  const more = make("details");
  more.open = opened.has(kiosk.letter);
  more.addEventListener("toggle", () => { if (more.open) opened.add(kiosk.letter); else opened.delete(kiosk.letter); });
  more.append(make("summary", say("fleet.more")));
  const facts = [say("fleet.outbox", { count: kiosk.outbox_waiting })];
  if (kiosk.outbox_dead) facts.push(say("fleet.dead", { count: kiosk.outbox_dead }));
  if (kiosk.started_at) facts.push(say("fleet.started", { time: ago(kiosk.started_at) }));
  more.append(make("p", facts.join(" · "), "quiet"));
  const table = make("table");
  const head = make("tr");
  for (const name of ["device", "state", "since", "losses", "code", "last"]) head.append(make("th", say(`fleet.head.${name}`)));
  table.append(head, ...kiosk.devices.map(device));
  const wide = make("div", undefined, "wide");
  wide.append(table);
  more.append(wide);
  if (kiosk.bundles.length) {
    const list = make("ul", undefined, "bundles");
    list.append(...kiosk.bundles.map(bundle));
    more.append(make("h3", say("fleet.bundles")), list);
  }
  if (admin) {
    more.append(button(say("fleet.revoke"), async () => {
      if (confirm(say("fleet.revokesure", { letter: kiosk.letter }))) await post(`/staff/fleet/${kiosk.letter}/revoke`);
    }, "bad"));
  }
  return more;
}

function row(kiosk) {
  const item = make("li", undefined, kiosk.colour);
  item.dataset.kiosk = kiosk.letter;
  const top = make("div", undefined, "top");
  top.append(
    make("span", kiosk.letter, "letter"), make("span", english ? kiosk.name_en : kiosk.name, "name"),
    make("span", say(`fleet.colour.${kiosk.colour}`), "word"),
    make("span", kiosk.heard_at ? say("fleet.heard", { time: ago(kiosk.heard_at) }) : say("fleet.never"), "quiet"),
    make("span", kiosk.version ? say("fleet.version", { version: kiosk.version }) : "", "quiet"),
  );
  const alarms = make("ul", undefined, "alarms");
  alarms.append(...kiosk.alarms.map(alarm));
  item.append(top, alarms, details(kiosk));
  return item;
}

function draw() {
  if (!state) return;
  const counts = Object.entries(state.counts).map(([colour, count]) => {
    const box = make("div", undefined, `count ${colour}`);
    box.dataset.colour = colour;
    box.append(make("b", String(count)), make("span", say(`fleet.colour.${colour}`)));
    return box;
  });
  document.getElementById("counts").replaceChildren(...counts);
  // Whoever goes by keyboard stays where they were.
  const list = document.getElementById("kiosks");
  const focused = list.contains(document.activeElement) ? document.activeElement : null;
  const at = focused && [focused.closest("[data-kiosk]").dataset.kiosk, focused.tagName];
  fill(list, state.kiosks.map(row), say("fleet.none"));
  if (at) list.querySelector(`[data-kiosk="${at[0]}"] ${at[1]}`)?.focus();
}

document.getElementById("new")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  const answer = await post("/staff/fleet/codes", Object.fromEntries(new FormData(form)));
  const told = await answer.json();
  document.getElementById("code").textContent = answer.ok
    ? say("fleet.code", { code: told.code, hours: told.hours }) : `${say("fleet.nocode")} ${told.detail ?? ""}`;
  if (answer.ok) form.reset();
});

listen("/staff/fleet/events", { state: (news) => { state = news; behind = Date.now() - new Date(news.now); draw(); } });
setInterval(draw, 10000);
