// How nodes and edges are drawn by WebGL: nodes as discs, squares and diamonds with a rim, edges as whole or broken
// lines that may run side by side. The marks keep their size on screen; sigma gives the matrices.
//
// Nodes are points, and the edges of a large network bare lines: without a graphics card the usual way, a few
// triangles for each node and edge, takes a second a frame for five thousand nodes.

import { EdgeProgram, NodeProgram } from "sigma/rendering";
import { floatColor } from "sigma/utils";

const { FLOAT, UNSIGNED_BYTE, LINES, POINTS, TRIANGLES } = WebGLRenderingContext;
export const SHAPES = { disc: 0, square: 1, diamond: 2 };

const NODE_VERTEX = `
attribute vec2 a_position;
attribute float a_size;
attribute float a_shape;
attribute float a_rimWidth;
attribute vec4 a_color;
attribute vec4 a_rim;
attribute vec4 a_id;
uniform mat3 u_matrix;
uniform float u_sizeRatio;
uniform float u_pixelRatio;
varying float v_half;
varying float v_radius;
varying float v_shape;
varying float v_rimWidth;
varying vec4 v_color;
varying vec4 v_rim;
const float bias = 255.0 / 254.0;

void main() {
  gl_Position = vec4((u_matrix * vec3(a_position, 1)).xy, 0, 1);
  v_radius = a_size / u_sizeRatio;
  v_half = v_radius * 1.2 + 1.0;
  gl_PointSize = 2.0 * v_half * u_pixelRatio;
  v_shape = a_shape;
  v_rimWidth = a_rimWidth;
  #ifdef PICKING_MODE
  v_color = a_id;
  #else
  v_color = a_color;
  #endif
  v_color.a *= bias;
  v_rim = a_rim;
  v_rim.a *= bias;
}`;

const NODE_FRAGMENT = `
precision highp float;
varying float v_half;
varying float v_radius;
varying float v_shape;
varying float v_rimWidth;
varying vec4 v_color;
varying vec4 v_rim;

float outside(vec2 at, float radius) {
  if (v_shape < 0.5) return length(at) - radius;
  if (v_shape < 1.5) {
    float corner = radius * 0.3;
    vec2 beyond = abs(at) - vec2(radius * 0.9 - corner);
    return length(max(beyond, 0.0)) + min(max(beyond.x, beyond.y), 0.0) - corner;
  }
  return (abs(at.x) + abs(at.y) - radius * 1.2) * 0.7071;
}

void main() {
  float distance = outside((gl_PointCoord - 0.5) * 2.0 * v_half, v_radius);
  #ifdef PICKING_MODE
  gl_FragColor = distance > 1.0 ? vec4(0.0) : v_color;
  #else
  vec4 color = mix(v_color, v_rim, smoothstep(-0.5, 0.5, distance + v_rimWidth) * step(0.01, v_rimWidth));
  float alpha = color.a * (1.0 - smoothstep(-0.5, 0.5, distance));
  gl_FragColor = vec4(color.rgb * alpha, alpha);
  #endif
}`;

export class MarkProgram extends NodeProgram {
  getDefinition() {
    return {
      VERTICES: 1,
      VERTEX_SHADER_SOURCE: NODE_VERTEX,
      FRAGMENT_SHADER_SOURCE: NODE_FRAGMENT,
      METHOD: POINTS,
      UNIFORMS: ["u_matrix", "u_sizeRatio", "u_pixelRatio"],
      ATTRIBUTES: [
        { name: "a_position", size: 2, type: FLOAT },
        { name: "a_size", size: 1, type: FLOAT },
        { name: "a_shape", size: 1, type: FLOAT },
        { name: "a_rimWidth", size: 1, type: FLOAT },
        { name: "a_color", size: 4, type: UNSIGNED_BYTE, normalized: true },
        { name: "a_rim", size: 4, type: UNSIGNED_BYTE, normalized: true },
        { name: "a_id", size: 4, type: UNSIGNED_BYTE, normalized: true },
      ],
    };
  }

  processVisibleItem(id, start, data) {
    this.array.set(
      [data.x, data.y, data.size, SHAPES[data.shape], data.rimWidth, floatColor(data.color), floatColor(data.rim), id],
      start,
    );
  }

  setUniforms(params, { gl, uniformLocations }) {
    gl.uniformMatrix3fv(uniformLocations.u_matrix, false, params.matrix);
    gl.uniform1f(uniformLocations.u_sizeRatio, params.sizeRatio);
    gl.uniform1f(uniformLocations.u_pixelRatio, params.pixelRatio);
  }
}

const EDGE_VERTEX = `
attribute vec2 a_from;
attribute vec2 a_to;
attribute float a_width;
attribute float a_shift;
attribute float a_broken;
attribute vec4 a_color;
attribute vec2 a_corner;
uniform mat3 u_matrix;
uniform float u_correctionRatio;
varying float v_across;
varying float v_along;
varying float v_half;
varying float v_broken;
varying vec4 v_color;
const float bias = 255.0 / 254.0;

void main() {
  float pixel = 2.0 * u_correctionRatio;
  vec2 way = a_to - a_from;
  float size = length(way);
  vec2 normal = size > 0.0 ? vec2(-way.y, way.x) / size : vec2(0.0);
  v_half = a_width / 2.0;
  v_across = a_corner.y * (v_half + 1.0);
  v_along = a_corner.x * size / pixel;
  v_broken = a_broken;
  vec2 place = a_from + way * a_corner.x + normal * (v_across + a_shift) * pixel;
  gl_Position = vec4((u_matrix * vec3(place, 1)).xy, 0, 1);
  v_color = a_color;
  v_color.a *= bias;
}`;

const EDGE_FRAGMENT = `
precision highp float;
varying float v_across;
varying float v_along;
varying float v_half;
varying float v_broken;
varying vec4 v_color;

void main() {
  float there = 1.0 - smoothstep(v_half - 0.5, v_half + 0.5, abs(v_across));
  if (v_broken > 0.5) there *= smoothstep(1.5, 2.5, abs(mod(v_along, 9.0) - 7.0));
  float alpha = v_color.a * there;
  gl_FragColor = vec4(v_color.rgb * alpha, alpha);
}`;

export class LineProgram extends EdgeProgram {
  getDefinition() {
    return {
      VERTICES: 6,
      VERTEX_SHADER_SOURCE: EDGE_VERTEX,
      FRAGMENT_SHADER_SOURCE: EDGE_FRAGMENT,
      METHOD: TRIANGLES,
      UNIFORMS: ["u_matrix", "u_correctionRatio"],
      ATTRIBUTES: [
        { name: "a_from", size: 2, type: FLOAT },
        { name: "a_to", size: 2, type: FLOAT },
        { name: "a_width", size: 1, type: FLOAT },
        { name: "a_shift", size: 1, type: FLOAT },
        { name: "a_broken", size: 1, type: FLOAT },
        { name: "a_color", size: 4, type: UNSIGNED_BYTE, normalized: true },
      ],
      CONSTANT_ATTRIBUTES: [{ name: "a_corner", size: 2, type: FLOAT }],
      CONSTANT_DATA: [
        [0, -1],
        [1, -1],
        [0, 1],
        [0, 1],
        [1, -1],
        [1, 1],
      ],
    };
  }

  processVisibleItem(id, start, from, to, data) {
    this.array.set(
      [from.x, from.y, to.x, to.y, data.size, data.shift, data.broken ? 1 : 0, floatColor(data.color)],
      start,
    );
  }

  setUniforms(params, { gl, uniformLocations }) {
    gl.uniformMatrix3fv(uniformLocations.u_matrix, false, params.matrix);
    gl.uniform1f(uniformLocations.u_correctionRatio, params.correctionRatio);
  }
}

const HAIR_VERTEX = `
attribute vec2 a_position;
attribute vec4 a_color;
uniform mat3 u_matrix;
varying vec4 v_color;
const float bias = 255.0 / 254.0;

void main() {
  gl_Position = vec4((u_matrix * vec3(a_position, 1)).xy, 0, 1);
  v_color = a_color;
  v_color.a *= bias;
}`;

const HAIR_FRAGMENT = `
precision mediump float;
varying vec4 v_color;

void main() {
  gl_FragColor = vec4(v_color.rgb * v_color.a, v_color.a);
}`;

export class HairProgram extends EdgeProgram {
  /** Where a slow machine moves a large picture, the edges wait until it stands still. */
  render(params) {
    if (!this.renderer.edgesWait) super.render(params);
  }

  getDefinition() {
    return {
      VERTICES: 2,
      VERTEX_SHADER_SOURCE: HAIR_VERTEX,
      FRAGMENT_SHADER_SOURCE: HAIR_FRAGMENT,
      METHOD: LINES,
      UNIFORMS: ["u_matrix"],
      ATTRIBUTES: [
        { name: "a_position", size: 2, type: FLOAT },
        { name: "a_color", size: 4, type: UNSIGNED_BYTE, normalized: true },
      ],
    };
  }

  processVisibleItem(id, start, from, to, data) {
    const color = floatColor(data.color);
    this.array.set([from.x, from.y, color, to.x, to.y, color], start);
  }

  setUniforms(params, { gl, uniformLocations }) {
    gl.uniformMatrix3fv(uniformLocations.u_matrix, false, params.matrix);
  }
}
