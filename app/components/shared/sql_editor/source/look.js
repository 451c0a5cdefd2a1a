// The style of the editor, in the colours of the app's theme, light or dark.
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language"
import { EditorView } from "@codemirror/view"
import { tags } from "@lezer/highlight"

const theme = EditorView.theme({
  "&": {
    height: "100%",
    color: "var(--st-text-color)",
    backgroundColor: "var(--st-background-color)",
    fontSize: "var(--st-code-font-size, 13px)",
  },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--st-code-font)", lineHeight: "1.55" },
  ".cm-content": { padding: "8px 0", caretColor: "var(--st-text-color)" },
  ".cm-cursor": { borderLeftColor: "var(--st-text-color)" },
  ".cm-gutters": {
    backgroundColor: "var(--st-secondary-background-color)",
    color: "var(--st-gray-text-color)",
    border: "none",
  },
  ".cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--st-secondary-background-color) 60%, transparent)" },
  ".cm-activeLineGutter": { backgroundColor: "transparent", color: "var(--st-text-color)" },
  "&.cm-focused .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "color-mix(in srgb, var(--st-primary-color) 28%, transparent) !important",
  },
  ".cm-selectionMatch, &.cm-focused .cm-matchingBracket": {
    backgroundColor: "color-mix(in srgb, var(--st-primary-color) 18%, transparent)",
  },
  ".cm-placeholder": { color: "var(--st-gray-text-color)" },
  ".cm-tooltip, .cm-panels": {
    backgroundColor: "var(--st-background-color)",
    color: "var(--st-text-color)",
    border: "1px solid var(--st-border-color)",
    borderRadius: "var(--st-base-radius)",
  },
  ".cm-tooltip": { boxShadow: "0 6px 20px rgb(0 0 0 / 18%)", overflow: "hidden" },
  ".cm-tooltip-autocomplete > ul": { fontFamily: "var(--st-code-font)", maxHeight: "16em" },
  ".cm-tooltip-autocomplete > ul > li": { padding: "2px 8px" },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": {
    backgroundColor: "color-mix(in srgb, var(--st-primary-color) 22%, var(--st-background-color)) !important",
    color: "var(--st-text-color) !important",
  },
  ".cm-completionDetail": { color: "var(--st-gray-text-color)", fontStyle: "normal", float: "right" },
  ".cm-diagnostic": { padding: "6px 10px", fontFamily: "var(--st-font)", maxWidth: "60ch" },
  ".cm-diagnostic-error": { borderLeft: "3px solid var(--st-red-color)" },
  ".cm-lintRange-error": {
    backgroundImage: "none",
    textDecoration: "underline wavy var(--st-red-color)",
    textDecorationSkipInk: "none",
    textUnderlineOffset: "3px",
  },
  ".cm-textfield, .cm-button": {
    backgroundImage: "none",
    backgroundColor: "var(--st-secondary-background-color)",
    color: "var(--st-text-color)",
    border: "1px solid var(--st-border-color)",
    borderRadius: "4px",
  },
})

const words = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.modifier], color: "var(--st-link-color)", fontWeight: "600" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--st-orange-text-color)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--st-blue-text-color)" },
  { tag: [tags.typeName, tags.standard(tags.name)], color: "var(--st-violet-text-color)" },
  { tag: [tags.lineComment, tags.blockComment], color: "var(--st-gray-text-color)", fontStyle: "italic" },
])

export const look = [theme, syntaxHighlighting(words)]
