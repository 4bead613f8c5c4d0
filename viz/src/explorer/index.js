// The network explorer: starts with the data that the page carries, or that a script before this one brought.

import { Explorer } from "./explorer.js";
import "./explorer.css";

const start = () => {
  const root = document.getElementById("explorer");
  const carried = document.getElementById("explorer-data");
  const data = carried ? JSON.parse(carried.textContent) : window.pilotgraphNetwork;
  window.explorer = new Explorer(root, data);
  root.dataset.ready = "yes";
};

start();
