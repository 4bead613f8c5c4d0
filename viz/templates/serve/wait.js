// Looks every few seconds whether the page is there, and shows it when it is.
const PAUSE = 5000;
async function look() {
  const answer = await fetch(location.href, { method: "HEAD", cache: "no-store" }).catch(() => null);
  if (answer && answer.status !== 503) location.reload();
  else setTimeout(look, PAUSE);
}
setTimeout(look, PAUSE);
