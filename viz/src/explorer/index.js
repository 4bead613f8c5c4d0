// The network explorer: starts with the data that the page carries, or that lie beside it.

import { Explorer } from "./explorer.js";
import "./explorer.css";

const start = async () => {
  const root = document.getElementById("explorer");
  const { source } = root.dataset;
  const carried = document.getElementById("explorer-data");
  const data = source ? await (await fetch(source)).json() : JSON.parse(carried.textContent);
  window.explorer = new Explorer(root, data);
  root.dataset.ready = "yes";
};

start();
