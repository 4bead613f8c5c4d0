// Keeps a large picture moving on a slow machine: while it moves, the edges are left out.

const SLOW = 45;
const SEEN = 5;
const STILL = 140;

/** Watch the frames of a sigma; `many` tells whether the picture is large. */
export const watchMotion = (sigma, many) => {
  let [last, mean, frames, timer, moving] = [0, 0, 0, null, false];
  const stop = () => {
    moving = false;
    if (!sigma.edgesWait) return;
    sigma.edgesWait = false;
    sigma.scheduleRender();
  };
  sigma.getCamera().on("updated", () => {
    if (!moving) [last, moving] = [performance.now(), true];
    clearTimeout(timer);
    timer = setTimeout(stop, STILL);
  });
  sigma.on("beforeRender", () => {
    if (!moving) return;
    const now = performance.now();
    mean = mean * 0.7 + (now - last) * 0.3;
    last = now;
    frames += 1;
    sigma.edgesWait = many() && frames > SEEN && (sigma.edgesWait || mean > SLOW);
  });
};
