// The editor. It lives in a shadow root, where style sheets can be adopted: a strict policy forbids the style elements
// that it would otherwise write into the page.

import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, foldKeymap, HighlightStyle, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { linter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { EditorState, Prec } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { h } from "../sparql/dom.js";
import { language } from "./grammar.js";
import { PHRASES } from "./phrases.js";

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--link)", fontWeight: "600" },
  { tag: tags.variableName, color: "var(--ink)" },
  { tag: [tags.string, tags.annotation], color: "var(--stated)" },
  { tag: [tags.number, tags.bool], color: "var(--contradicted)" },
  { tag: [tags.namespace, tags.url, tags.typeName], color: "var(--derived)" },
  { tag: tags.comment, color: "var(--ink-soft)", fontStyle: "italic" },
]);

const theme = EditorView.theme({
  "&": { fontSize: "0.9rem", color: "var(--ink)", backgroundColor: "var(--paper)", borderRadius: "4px" },
  "&.cm-focused": { outline: "3px solid var(--focus)", outlineOffset: "1px" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.5", maxHeight: "min(34rem, 70vh)", minHeight: "9rem" },
  ".cm-content": { caretColor: "var(--ink)", padding: "0.5rem 0" },
  ".cm-cursor": { borderLeftColor: "var(--ink)", borderLeftWidth: "2px" },
  ".cm-gutters": { backgroundColor: "var(--paper-soft)", color: "var(--ink-soft)", border: "none" },
  ".cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--accent-soft) 45%, transparent)" },
  ".cm-activeLineGutter": { backgroundColor: "var(--accent-soft)", color: "var(--ink)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "color-mix(in srgb, var(--focus) 30%, transparent)",
  },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--mark)", color: "var(--mark-ink)" },
  "&.cm-focused .cm-nonmatchingBracket": { backgroundColor: "var(--contradicted-soft)", color: "var(--contradicted)" },
  ".cm-selectionMatch": { backgroundColor: "var(--accent-soft)" },
  ".cm-tooltip": { backgroundColor: "var(--paper)", color: "var(--ink)", border: "1px solid var(--line-strong)" },
  ".cm-tooltip-autocomplete > ul": { fontFamily: "var(--font)", maxHeight: "18rem", maxWidth: "min(40rem, 90vw)" },
  ".cm-tooltip-autocomplete > ul > li": { padding: "0.25rem 0.5rem" },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": { backgroundColor: "var(--accent)", color: "var(--accent-ink)" },
  ".cm-completionDetail": { fontStyle: "normal", color: "var(--ink-soft)", marginLeft: "0.75em" },
  "li[aria-selected] .cm-completionDetail": { color: "inherit" },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "700" },
  ".cm-diagnostic": { fontFamily: "var(--font)" },
  ".cm-lintRange-error": {
    backgroundImage: "none",
    textDecoration: "underline wavy var(--contradicted)",
    textDecorationSkipInk: "none",
    backgroundColor: "var(--contradicted-soft)",
  },
  ".cm-panels": { backgroundColor: "var(--paper-soft)", color: "var(--ink)" },
  ".cm-textfield": { backgroundColor: "var(--paper)", color: "var(--ink)", border: "1px solid var(--line-strong)" },
  ".cm-button": { backgroundImage: "none", backgroundColor: "var(--paper)", color: "var(--ink)" },
});

/**
 * Puts an editor into an element.
 *
 * `on` has `change(text)`, `run()`, `format()`, and `check(text)`, which gives diagnostics; `complete` is a source of
 * completions. Gives `{text, setText, mark, focus}`.
 */
export function makeEditor(host, { label, help, lang, on, complete }) {
  const root = host.attachShadow({ mode: "open" });
  // A description must stand in the same root as what it describes.
  root.append(h("p", { id: "help", hidden: true }, help));
  const phrases = PHRASES[lang] ?? {};
  let silent = false;
  const keys = [
    { key: "Mod-Enter", run: () => (on.run(), true) },
    { key: "Shift-Alt-f", run: () => (on.format(), true) },
  ];
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      extensions: [
        Prec.highest(keymap.of(keys)),
        lineNumbers(),
        highlightActiveLineGutter(),
        highlightSpecialChars(),
        history(),
        drawSelection(),
        indentUnit.of("  "),
        EditorState.tabSize.of(2),
        EditorState.phrases.of(phrases),
        bracketMatching(),
        closeBrackets(),
        autocompletion({ override: [complete], icons: false, maxRenderedOptions: 60 }),
        highlightActiveLine(),
        highlightSelectionMatches(),
        language,
        syntaxHighlighting(colours),
        linter((current) => on.check(current.state.doc.toString()), { delay: 600 }),
        keymap.of([
          ...closeBracketsKeymap,
          ...defaultKeymap,
          ...searchKeymap,
          ...historyKeymap,
          ...foldKeymap,
          ...completionKeymap,
          ...lintKeymap,
          indentWithTab,
        ]),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({
          "aria-label": label,
          "aria-describedby": "help",
          "aria-multiline": "true",
          tabindex: "0",
        }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged && !silent) on.change(update.state.doc.toString());
        }),
        theme,
      ],
    }),
  });
  return {
    get text() {
      return view.state.doc.toString();
    },
    setText(text) {
      if (text === this.text) return;
      silent = true;
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
      silent = false;
    },
    /** Marks a mistake, or with null none, and shows its place. */
    mark(mistake) {
      const found = mistake ? [{ ...mistake, severity: "error" }] : [];
      view.dispatch(setDiagnostics(view.state, found));
      if (mistake) view.dispatch({ selection: { anchor: mistake.from }, scrollIntoView: true });
    },
    focus() {
      view.focus();
    },
  };
}
