// The colours of the picture, which stand in the style sheet with all others.

const NAMES = [
  "paper",
  "ink",
  "quiet",
  "line",
  "edge",
  "edge-faint",
  "thing",
  "kind",
  "faint",
  "warn",
  "accent",
  "hull",
];

/** Read the colours as they are now, light or dark. */
export const readTheme = (element) => {
  const style = getComputedStyle(element);
  const read = (name) => style.getPropertyValue(`--${name}`).trim();
  const theme = Object.fromEntries(NAMES.map((name) => [name, read(name)]));
  theme.font = style.fontFamily;
  theme.pillars = [1, 2, 3, 4, 5].map((number) => read(`pillar-${number}`));
  theme.layers = [1, 2, 3, 4, 5, 6, 7, 8].map((number) => read(`layer-${number}`));
  return theme;
};

/** Call back when the colours change. */
export const onThemeChange = (callback) => {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", callback);
  new MutationObserver(callback).observe(document.documentElement, {
    attributes: true,
    attributeFilter: ["data-theme", "class"],
  });
};

export const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
