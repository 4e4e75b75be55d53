/* Files straight to the bucket: several at once, with progress, and a list that keeps itself up to
   date. What the server has written is complete without this; here it is done on the page. */

const AT_ONCE = 2;
const SOON = 1500, LATER = 10000; // milliseconds between two looks at what is being checked
const TOGETHER = 250; // milliseconds
const EVERY = 25; // per cent, between two times that progress is told

for (const section of document.querySelectorAll("[data-files]")) enhance(section);

function enhance(section) {
  const part = (name) => section.querySelector(`[data-part="${name}"]`);
  const words = part("words").dataset;
  const queue = [];
  const news = [];
  const going = new Set();
  const sent = new Set();
  let sending = 0;
  let wait = SOON;
  let timer = 0;
  let shown = "";

  part("wait").hidden = true;
  if (part("choose")) takeFiles();
  part("list").addEventListener("submit", remove);
  addEventListener("pageshow", (event) => event.persisted && refresh());
  addEventListener("beforeunload", (event) => sending && event.preventDefault());
  lookAgain();

  function takeFiles() {
    const choose = part("choose");
    const input = choose.querySelector("input");
    choose.hidden = false;
    part("plain").hidden = true;
    input.addEventListener("change", () => {
      for (const file of input.files) add(file);
      input.value = "";
    });
    choose.addEventListener("dragover", (event) => event.preventDefault());
    choose.addEventListener("drop", (event) => {
      event.preventDefault();
      for (const file of event.dataTransfer.files) add(file);
    });
  }

  function add(file) {
    const row = part("row").content.firstElementChild.cloneNode(true);
    const one = { file, row, request: null, isOver: false };
    row.querySelector(".name").textContent = file.name;
    row.querySelector("button").addEventListener("click", () => stop(one));
    part("sending").append(row);
    part("sending").hidden = false;
    const fault = faultOf(file);
    if (fault) return fail(one, say(words[fault], { name: file.name }));
    queue.push(one);
    next();
  }

  function faultOf(file) {
    const ending = file.name.toLowerCase().match(/\.[^.]+$/);
    if (!ending || !section.dataset.endings.split(",").includes(ending[0])) return "type";
    if (file.size === 0) return "empty";
    if (file.size > Number(section.dataset.bytes)) return "tooLarge";
    return file.name.length > Number(section.dataset.letters) ? "tooLong" : "";
  }

  async function next() {
    if (sending >= AT_ONCE || !queue.length) return;
    const one = queue.shift();
    if (one.isOver) return next();
    sending += 1;
    try {
      await send(one);
    } finally {
      sending -= 1;
      next();
    }
  }

  async function send(one) {
    const name = one.file.name;
    const promise = await ask(section.dataset.promise, { purpose: section.dataset.files, name });
    if (promise.why) return fail(one, say(words.refused, { name, why: promise.why }));
    if (!promise.form) return fail(one, say(words.lost, { name }));
    const row = `file-${promise.file.id}`;
    going.add(row);
    const arrived = !one.isOver && (await put(one, promise.form));
    if (!arrived) await takeBack(promise.file.id);
    going.delete(row);
    if (arrived) {
      sent.add(row);
      drop(one);
      tell(say(words.sent, { name }));
    } else if (!one.isOver) {
      fail(one, say(words.lost, { name }));
    }
    await refresh();
  }

  function put(one, form) {
    const body = new FormData();
    for (const [field, value] of Object.entries(form.fields)) body.append(field, value);
    body.append("file", one.file);
    const request = new XMLHttpRequest();
    one.request = request;
    request.upload.addEventListener("progress", (event) => progress(one, event.loaded / event.total));
    return new Promise((resolve) => {
      request.addEventListener("loadend", () => resolve(request.status >= 200 && request.status < 300));
      request.open("POST", form.url);
      request.send(body);
    });
  }

  function progress(one, share) {
    const percent = Math.floor(share * 100);
    const bar = one.row.querySelector("progress");
    const before = bar.value;
    bar.value = percent;
    one.row.querySelector(".hint").textContent = `${percent} %`;
    if (Math.floor(percent / EVERY) > Math.floor(before / EVERY) && percent < 100)
      tell(say(words.progress, { name: one.file.name, percent }));
  }

  function stop(one) {
    const wasOver = one.isOver;
    one.isOver = true;
    one.request?.abort();
    drop(one);
    if (!wasOver) tell(say(words.gone, { name: one.file.name }));
    part("choose").querySelector("input").focus();
  }

  function fail(one, message) {
    one.isOver = true;
    one.row.querySelector("progress").remove();
    one.row.querySelector(".hint").className = "error";
    one.row.querySelector(".error").textContent = message;
    one.row.querySelector("button").textContent = words.hide;
    tell(message);
  }

  function drop(one) {
    one.row.remove();
    part("sending").hidden = !part("sending").children.length;
  }

  async function remove(event) {
    event.preventDefault();
    const form = event.target;
    const answer = await fetch(form.action, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
      redirect: "manual",
    }).catch(() => null);
    if (answer?.type !== "opaqueredirect") return form.submit();
    tell(say(words.removed, { name: form.dataset.name }));
    await refresh();
    (part("choose") ?? section).querySelector("input, a, button")?.focus();
  }

  function takeBack(id) {
    const form = new URLSearchParams({ back: "" });
    return fetch(section.dataset.remove.replace("FILE", id), {
      method: "POST",
      body: form,
      redirect: "manual",
    }).catch(() => null);
  }

  async function ask(address, value) {
    try {
      const answer = await fetch(address, {
        method: "POST",
        headers: { "Content-Type": "application/json", Accept: "application/json" },
        body: JSON.stringify(value),
      });
      const said = await answer.json();
      return answer.ok ? said : { why: said.errors[0]?.message ?? said.detail };
    } catch {
      return {};
    }
  }

  /* The list as the server has it now, but for what is on its way from here and has a row of its own;
     what has changed is told. */
  async function refresh() {
    const answer = await fetch(section.dataset.list).catch(() => null);
    if (!answer?.ok) {
      part("wait").hidden = false;
      return;
    }
    const list = part("list");
    const before = states(list);
    const held = list.contains(document.activeElement) && document.activeElement.closest("li")?.id;
    const html = await answer.text();
    if (html !== shown) list.innerHTML = html;
    shown = html;
    for (const row of list.querySelectorAll("li")) {
      row.hidden = going.has(row.id);
      if (sent.has(row.id)) leaveOutSending(row);
    }
    if (held) document.getElementById(held)?.querySelector("a, button")?.focus();
    const changed = [...states(list)].filter(([id, now]) => {
      return before.has(id) ? before.get(id).text !== now.text : !now.waits;
    });
    for (const [, now] of changed) tell(say(words.changed, { name: now.name, state: now.text }));
    section.dispatchEvent(new CustomEvent("files-changed", { bubbles: true }));
    if (changed.length) wait = SOON;
    lookAgain();
  }

  /* What this page has sent need not be offered to be sent. */
  function leaveOutSending(row) {
    const offer = row.querySelector("[data-send]");
    if (offer) row.querySelectorAll("[data-send], .hint").forEach((each) => each.remove());
  }

  function lookAgain() {
    clearTimeout(timer);
    if (!part("list").querySelector('[data-waits="yes"]')) return;
    timer = setTimeout(refresh, wait);
    wait = Math.min(wait * 1.3, LATER);
  }

  function states(list) {
    const rows = [...list.querySelectorAll("li")].map((row) => {
      const tag = row.querySelector(".ds-tag");
      const told = [tag, row.querySelector(".hint")].filter(Boolean).map((each) => each.textContent);
      const name = row.querySelector(".name").textContent;
      return [row.id, { name, text: told.join(". "), waits: tag.dataset.color === "info" }];
    });
    return new Map(rows);
  }

  /* What happens at the same time is told at the same time: of two texts only the last is read. */
  function tell(message) {
    if (news.push(message) === 1)
      setTimeout(() => (part("status").textContent = news.splice(0).join(" ")), TOGETHER);
  }
}

function say(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (slot, name) => values[name] ?? slot);
}
