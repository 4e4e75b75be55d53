// The front page's "2 dager igjen", kept true while the page stands open. The server has said how
// many seconds there were and in which words; the clock of this machine is only used to tell how
// long ago that was. Not a live region: nothing is read out.
const shown = document.getElementById("left");
const ends = performance.now() + Number(shown.dataset.seconds) * 1000;
const units = [["days", 86400], ["hours", 3600], ["minutes", 60]];

function say() {
  const left = (ends - performance.now()) / 1000;
  if (left <= 0) {
    location.reload();
    return;
  }
  const unit = units.find(([, seconds]) => Math.floor(left / seconds) > 1);
  const words = unit
    ? shown.dataset[unit[0]].replace("#", Math.floor(left / unit[1]))
    : shown.dataset.moment;
  if (shown.textContent !== words) shown.textContent = words;
  setTimeout(say, Math.min(30_000, Math.ceil(left * 1000)));
}

say();
