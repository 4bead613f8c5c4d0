// The picture: sigma draws nodes and edges with WebGL; labels, outlines and marks are drawn over and under them here.

import Graph from "graphology";
import Sigma from "sigma";
import { edgeAt, frameOf, shifted } from "./aim.js";
import { LABEL } from "./labels.js";
import { edgeLooks, MANY, nodeLooks } from "./looks.js";
import { watchMotion } from "./motion.js";
import { drawOver, outlines } from "./overlay.js";
import { HairProgram, LineProgram, MarkProgram } from "./programs.js";
import { calm, readTheme } from "./theme.js";

const TOUCH = 6;
const MOVED = 4;

export class Picture {
  /** `on` has chooseNode, chooseEdge, chooseNothing, expand, pin and move, called when the reader does so. */
  constructor(container, model, on) {
    Object.assign(this, {
      container,
      model,
      on,
      network: { nodes: [], edges: [], degree: new Map(), ranIn: new Map() },
    });
    this.theme = readTheme(container);
    this.graph = emptyGraph();
    this.labels = new Map();
    this.placed = [];
    this.hovered = null;
    this.clusters = [];
    this.sigma = new Sigma(this.graph, container, {
      allowInvalidContainer: true,
      renderLabels: false,
      zIndex: true,
      enableCameraRotation: false,
      stagePadding: 34,
      minCameraRatio: 0.02,
      maxCameraRatio: 2.5,
      zoomDuration: calm() ? 1 : 200,
      inertiaDuration: calm() ? 1 : 200,
      doubleClickZoomingRatio: 1,
      nodeProgramClasses: { mark: MarkProgram },
      edgeProgramClasses: { hair: HairProgram, line: LineProgram },
      defaultNodeType: "mark",
      defaultEdgeType: "line",
      defaultDrawNodeHover: () => {},
      nodeReducer: (key, data) => this.reduceNode(key, data),
      edgeReducer: (key, data) => this.reduceEdge(key, data),
    });
    this.sigma.createCanvasContext("outlines", { beforeLayer: "edges" });
    this.sigma.resize(true);
    // An empty layer costs as much as a full one where there is no graphics card.
    const { edgeLabels, hovers, hoverNodes, mouse } = this.sigma.getCanvases();
    for (const layer of [edgeLabels, hovers, hoverNodes]) layer.style.display = "none";
    mouse.style.opacity = "0";
    watchMotion(this.sigma, () => this.network.edges.length > MANY);
    this.listen();
  }

  listen() {
    const { sigma } = this;
    sigma.on("afterRender", () => this.draw());
    sigma.on("enterNode", ({ node }) => this.hover({ node: Number(node) }));
    sigma.on("leaveNode", () => this.hover(null));
    sigma.on("clickNode", ({ node }) => this.dragged || this.on.chooseNode(Number(node)));
    sigma.on("doubleClickNode", ({ node, preventSigmaDefault }) => {
      preventSigmaDefault();
      this.on.expand(Number(node));
    });
    sigma.on("clickStage", ({ event }) => {
      const edge = edgeAt(this, [event.x, event.y], TOUCH);
      if (edge) this.on.chooseEdge(edge.key);
      else this.on.chooseNothing();
    });
    sigma.on("moveBody", ({ event }) => this.move(event));
    sigma.on("leaveStage", () => this.hover(null));
    sigma.on("downNode", ({ node, event }) => {
      this.held = { node, x: event.x, y: event.y };
    });
    sigma.on("upNode", () => this.drop());
    sigma.on("upStage", () => this.drop());
    sigma.getCamera().on("updated", () => this.on.move());
  }

  /** Show a network. `places` are by node [x, y]; `chosen` tells what is chosen, `pinned` which nodes are. */
  show({ network, places, view, chosen, pinned, clusters }) {
    Object.assign(this, { network, view, chosen, pinned, clusters });
    this.labels.clear();
    this.look();
    this.graph = emptyGraph();
    for (const index of network.nodes) {
      const [x, y] = places.get(index);
      this.graph.addNode(String(index), { index, x, y });
    }
    for (const edge of network.edges) this.graph.addEdgeWithKey(edge.key, String(edge.a), String(edge.b), { edge });
    this.order = network.nodes
      .map((index) => ({
        index,
        rank: (network.degree.get(index) ?? 0) + (this.model.nodes[index].mode === "pilot" ? 1.5 : 0),
      }))
      .sort((p, q) => q.rank - p.rank || p.index - q.index)
      .map(({ index }) => index);
    this.sigma.setCustomBBox(frameOf(places));
    this.sigma.setGraph(this.graph);
  }

  /** Show that something else is chosen. */
  choose(chosen) {
    this.chosen = chosen;
    this.look();
    this.sigma.refresh({ skipIndexation: false });
  }

  look() {
    const { clientWidth, clientHeight } = this.container;
    this.lookOfNode = nodeLooks(this.model, this.network, this.theme, Math.min(clientWidth, clientHeight));
    this.lookOfEdge = edgeLooks(this.view, this.network, this.theme);
    this.bright = brightOf(this.network, this.chosen);
  }

  /** Take on the colours of now. */
  retheme() {
    this.theme = readTheme(this.container);
    this.labels.clear();
    this.look();
    this.sigma.refresh();
  }

  reduceNode(key, { index, x, y }) {
    const look = this.lookOfNode(index);
    const chosen = this.chosen?.node === index;
    if (this.bright && !this.bright.nodes.has(index)) {
      return { x, y, ...look, color: look.rimWidth ? look.color : this.theme.faint, rim: this.theme.faint, zIndex: 0 };
    }
    if (chosen) return { x, y, ...look, size: look.size + 3, rim: this.theme.ink, rimWidth: 2.5, zIndex: 3 };
    return { x, y, ...look, zIndex: this.bright ? 2 : 1 };
  }

  reduceEdge(key, { edge }) {
    const look = this.lookOfEdge(edge);
    if (!this.bright) return { ...look, zIndex: 0 };
    if (!this.bright.edges.has(edge.key)) return { ...look, color: look.faint, zIndex: 0 };
    const strong = edge.knowing === "contradicted" || this.view === "pilots" ? look.full : this.theme.quiet;
    return {
      ...look,
      type: "line",
      color: strong,
      size: look.size + (this.chosen.edge === edge.key ? 2 : 0.6),
      zIndex: 1,
    };
  }

  // Screen places: sigma's are affine, so three points give them all.
  screen() {
    const { sigma } = this;
    const [o, x, y] = [
      { x: 0, y: 0 },
      { x: 1, y: 0 },
      { x: 0, y: 1 },
    ].map((point) => sigma.framedGraphToViewport(point));
    return (index) => {
      const at = sigma.getNodeDisplayData(String(index));
      return at && [o.x + (x.x - o.x) * at.x + (y.x - o.x) * at.y, o.y + (x.y - o.y) * at.x + (y.y - o.y) * at.y];
    };
  }

  move(event) {
    if (this.held) {
      const { node, x, y } = this.held;
      if (!this.dragged && Math.hypot(event.x - x, event.y - y) < MOVED) return;
      this.dragged = true;
      this.graph.mergeNodeAttributes(node, this.sigma.viewportToGraph(event));
      event.preventSigmaDefault();
      event.original.preventDefault();
      event.original.stopPropagation();
    } else if (this.hovered?.node === undefined && event.original.buttons === 0) {
      const edge = edgeAt(this, [event.x, event.y], TOUCH - 1);
      if ((edge?.key ?? null) !== (this.hovered?.edge ?? null)) this.hover(edge ? { edge: edge.key } : null);
    }
  }

  drop() {
    if (this.held && this.dragged) {
      const { x, y } = this.graph.getNodeAttributes(this.held.node);
      this.on.pin(Number(this.held.node), [Math.round(x), Math.round(y)]);
    }
    this.held = null;
    // The click that ends a drag comes after it, and is none.
    setTimeout(() => {
      this.dragged = false;
    });
  }

  hover(what) {
    this.hovered = what;
    this.container.classList.toggle("pointing", what !== null);
    this.draw();
  }

  draw() {
    if (this.order) this.placed = drawOver(this);
  }

  /** What is on the screen, for a drawing on paper: outlines, edges, nodes and labels in screen pixels. */
  scene() {
    const screen = this.screen();
    const ratio = this.sigma.scaleSize(1);
    const ordered = (items) => items.sort((p, q) => (p.zIndex ?? 0) - (q.zIndex ?? 0));
    return {
      ...this.sigma.getDimensions(),
      theme: this.theme,
      outlines: outlines(this),
      edges: ordered(
        this.network.edges.map(({ key, a, b }) => {
          const { shift, ...look } = this.sigma.getEdgeDisplayData(key);
          return { ...look, ...shifted(screen(a), screen(b), shift) };
        }),
      ),
      nodes: ordered(
        this.network.nodes.map((index) => {
          const look = this.sigma.getNodeDisplayData(String(index));
          const [x, y] = screen(index);
          return { ...look, x, y, size: look.size * ratio, label: this.model.nodes[index].label };
        }),
      ),
      labels: this.placed.map((label) => ({
        ...label,
        pilot: this.model.nodes[label.index].mode === "pilot",
        strong: label.size > LABEL,
      })),
    };
  }

  camera() {
    const { x, y, ratio } = this.sigma.getCamera().getState();
    const round = (number) => Math.round(number * 1000) / 1000;
    return [round(x), round(y), round(ratio)];
  }

  setCamera([x, y, ratio], { slow = false } = {}) {
    const camera = this.sigma.getCamera();
    if (slow && !calm()) camera.animate({ x, y, ratio, angle: 0 }, { duration: 250 });
    else camera.setState({ x, y, ratio, angle: 0 });
  }

  fit(options) {
    this.setCamera([0.5, 0.5, 1], options);
  }

  zoom(factor) {
    const [x, y, ratio] = this.camera();
    this.setCamera([x, y, Math.min(2.5, Math.max(0.02, ratio * factor))], { slow: true });
  }

  pan(right, up) {
    const [x, y, ratio] = this.camera();
    this.setCamera([x + right * 0.15 * ratio, y + up * 0.15 * ratio, ratio], { slow: true });
  }

  centre(index) {
    const { x, y } = this.sigma.getNodeDisplayData(String(index));
    this.setCamera([x, y, Math.min(0.6, this.camera()[2])], { slow: true });
  }

  /** Bring a node into the picture, if it is outside. */
  reveal(index) {
    const at = this.screen()(index);
    const { width, height } = this.sigma.getDimensions();
    if (!at || (at[0] > 30 && at[1] > 30 && at[0] < width - 30 && at[1] < height - 30)) return;
    const { x, y } = this.sigma.getNodeDisplayData(String(index));
    this.setCamera([x, y, this.camera()[2]], { slow: true });
  }
}

const emptyGraph = () => new Graph({ multi: true, type: "undirected" });

/** What stays bright when something is chosen: it, its edges and their ends. */
const brightOf = (network, chosen) => {
  if (!chosen) return null;
  if (chosen.cluster) {
    const nodes = new Set(chosen.ends);
    const edges = network.edges.filter(({ a, b }) => nodes.has(a) || nodes.has(b));
    return {
      edges: new Set(edges.map(({ key }) => key)),
      nodes: new Set([...nodes, ...edges.flatMap(({ a, b }) => [a, b])]),
    };
  }
  const edges = network.edges.filter(({ key, a, b }) =>
    chosen.edge ? key === chosen.edge : a === chosen.node || b === chosen.node,
  );
  return {
    edges: new Set(edges.map(({ key }) => key)),
    nodes: new Set([...edges.flatMap(({ a, b }) => [a, b]), chosen.node]),
  };
};
