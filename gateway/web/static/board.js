// The waiting room's board: shows calls as they come and says each one with clips, one after the other.
import { listen, make, root, say, timeOf } from "/static/live.js";

const REPEATS = 2;
// English below Vietnamese, where the site wants both.
const second = root.dataset.second ? JSON.parse(root.dataset.second) : null;
let heard = null;
let sound = null;
const waiting = [];
const clips = new Map();

function withSecond(element, text) {
  if (!second || !text || text === element.textContent) return element;
  const other = make("span", text, "second");
  other.lang = "en";
  element.append(other);
  return element;
}

function callCard(call, kind) {
  const card = make("li", undefined, `call ${kind} ${call.group}`);
  card.dataset.number = call.number;
  card.dataset.call = call.call;
  const about = make("div", undefined, "where");
  about.append(
    withSecond(make("span", call.counter, "counter"), call.counter_en),
    withSecond(make("span", call.clinic, "clinic"), call.clinic_en),
  );
  if (call.from_clinic) {
    const from = make("span", say("board.from", { clinic: call.from_clinic }), "from");
    about.append(withSecond(from, second?.["board.from"]?.replace("{clinic}", call.from_clinic_en)));
  }
  const group = `board.group.${call.group}`;
  const reason = withSecond(make("span", say(group), `group ${call.group}`), second?.[group]);
  card.append(make("span", call.number, "digits"), about, reason);
  if (kind === "before") card.append(make("span", timeOf(call.called_at), "when"));
  return card;
}

function draw(board) {
  const [first, ...others] = board.called;
  const newest = document.getElementById("newest");
  newest.replaceChildren(first ? callCard(first, "newest") : withSecond(make("li", say("board.none"), "call none"), second?.["board.none"]));
  // Many rooms call at once: every number stands there whole, the newest a little smaller.
  root.dataset.many = others.length > 2 ? "yes" : "no";
  document.getElementById("called").replaceChildren(...others.map((call) => callCard(call, "also")));
  document.getElementById("before").replaceChildren(...board.before.map((call) => callCard(call, "before")));
  drawAsked(board);
  announce(board.called);
  root.dataset.drawn = String(Number(root.dataset.drawn ?? 0) + 1);
}

// Numbers that a desk asks for: something about their slip is not so any more.
function drawAsked(board) {
  const place = document.getElementById("asked");
  place.hidden = !board.asked.length;
  const words = make("span", say("board.asked", { desk: board.desk }));
  withSecond(words, second?.["board.asked"]?.replace("{desk}", board.desk_en));
  place.replaceChildren(words, ...board.asked.map((number) => make("span", number, "digits")));
}

// Each call once: what was called before this screen was switched on is shown, not said.
function announce(called) {
  const first = heard === null;
  heard = heard ?? new Map();
  for (const call of [...called].reverse()) {
    if (heard.get(call.id) === call.call) continue;
    heard.set(call.id, call.call);
    if (!first) waiting.push(call);
  }
  speak();
}

// --- the voice
let speaking = false;

async function clip(name) {
  if (!clips.has(name)) {
    const answer = await fetch(`/static/voice/vi/board/${name}.wav`);
    clips.set(name, answer.ok ? await sound.decodeAudioData(await answer.arrayBuffer()) : null);
  }
  return clips.get(name);
}

async function speak() {
  if (speaking || sound?.state !== "running") return;
  speaking = true;
  while (waiting.length) {
    const call = waiting.shift();
    const parts = (await Promise.all(call.spoken.map((name) => clip(name).catch(() => null)))).filter(Boolean);
    for (let time = 0; time < REPEATS; time += 1) await play(parts);
    root.dataset.said = `${root.dataset.said ?? ""}${call.number}:${parts.length}/${call.spoken.length} `;
  }
  speaking = false;
}

function play(parts) {
  let start = sound.currentTime + 0.05;
  let last = null;
  for (const part of parts) {
    last = sound.createBufferSource();
    last.buffer = part;
    last.connect(sound.destination);
    last.start(start);
    start += part.duration + 0.06;
  }
  return new Promise((done) => { if (last) last.addEventListener("ended", () => setTimeout(done, 400)); else done(); });
}

// Browsers need one touch before they may sound, unless they are started with --autoplay-policy=no-user-gesture-required.
async function soundOn() {
  sound = sound ?? new AudioContext();
  const state = () => { root.dataset.sound = sound.state === "running" ? "on" : "off"; };
  sound.addEventListener("statechange", () => { state(); speak(); });
  state();
  await sound.resume();
  state();
  speak();
}

function clock() {
  document.getElementById("clock").textContent = timeOf(new Date());
}

document.getElementById("sound").addEventListener("click", soundOn);
setInterval(clock, 1000);
clock();
soundOn();
listen("/board/events", {
  board: draw,
  gone: () => location.reload(),
});
