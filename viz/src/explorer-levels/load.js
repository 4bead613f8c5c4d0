// Pieces of the network are scripts beside the page: a page from a disk may load no other kind of file.

/** Gives a function that loads a piece by its name, each once. */
export const loader = (folder) => {
  const waiting = new Map();
  const loaded = new Map();
  window.pilotgraphPart = (name, value) => waiting.get(name)?.(value);
  return (name) => {
    if (!loaded.has(name)) {
      const found = new Promise((resolve, reject) => {
        waiting.set(name, resolve);
        const script = document.createElement("script");
        script.src = `${folder}${name}.js`;
        script.onload = () => script.remove();
        script.onerror = () => reject(new Error(script.src));
        document.head.append(script);
      });
      // A piece that did not come may come another time.
      found.catch(() => loaded.delete(name));
      loaded.set(name, found);
    }
    return loaded.get(name);
  };
};
