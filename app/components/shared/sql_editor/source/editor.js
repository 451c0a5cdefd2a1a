// The SQL editor as a Streamlit component: CodeMirror with the tables of an experiment.
//
// Python sends text with a revision and owns the query to run; this side owns what is being typed. It takes Python's
// text only when the revision changes, and reports its own in a pause of typing, when the editor loses focus and on a
// run. The text is also in the tab's session storage: a page that is left or reloaded at once reports nothing more.
import { autocompletion, closeBrackets, closeBracketsKeymap, closeCompletion, completionKeymap } from "@codemirror/autocomplete"
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands"
import { bracketMatching, indentUnit } from "@codemirror/language"
import { lintKeymap, setDiagnostics } from "@codemirror/lint"
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search"
import { Compartment, EditorState, Prec } from "@codemirror/state"
import {
  EditorView,
  drawSelection,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
  placeholder,
} from "@codemirror/view"
import { sqlLanguage } from "./language.js"
import { look } from "./look.js"

const editors = new WeakMap()
const PAUSE_MILLISECONDS = 500

export default function (component) {
  const { data, parentElement } = component
  const room = parentElement.querySelector("#editor")
  let editor = editors.get(room)
  if (!editor) {
    editor = new Editor(room, data)
    editors.set(room, editor)
  }
  editor.update(component)
  return () => {
    editors.get(room)?.close()
    editors.delete(room)
  }
}

class Editor {
  constructor(room, data) {
    this.language = new Compartment()
    this.reported = JSON.stringify(place(data.text, 0, 0))
    this.revision = data.revision
    this.data = data
    this.view = new EditorView({
      parent: room,
      root: room.getRootNode(),
      state: EditorState.create({ doc: remembered(data) ?? data.text, extensions: this.extensions(data) }),
    })
    if (this.text() !== data.text) this.reportSoon()
  }

  extensions(data) {
    return [
      lineNumbers(),
      highlightActiveLineGutter(),
      highlightSpecialChars(),
      history(),
      drawSelection(),
      indentUnit.of("    "),
      bracketMatching(),
      closeBrackets(),
      autocompletion({ maxRenderedOptions: 60, icons: false }),
      highlightActiveLine(),
      highlightSelectionMatches(),
      search({ top: true }),
      placeholder(data.placeholder ?? ""),
      Prec.highest(keymap.of([{ key: "Ctrl-Enter", mac: "Mod-Enter", run: () => this.ask(), stopPropagation: true }])),
      keymap.of([
        ...closeBracketsKeymap,
        ...completionKeymap,
        ...defaultKeymap,
        ...searchKeymap,
        ...historyKeymap,
        ...lintKeymap,
        indentWithTab,
      ]),
      this.language.of([]),
      look,
      EditorView.contentAttributes.of({ "aria-label": data.label, spellcheck: "false" }),
      EditorView.lineWrapping,
      EditorView.updateListener.of(update => {
        if (update.selectionSet) this.reportSelection()
        if (!update.docChanged) return
        if (this.isUnderlined) queueMicrotask(() => this.clear())
        this.remember()
        this.reportSoon()
      }),
      EditorView.domEventHandlers({ blur: () => void this.report() }),
    ]
  }

  update(component) {
    const { data } = component
    this.component = component
    this.data = data
    if (data.revision !== this.revision) {
      this.revision = data.revision
      this.replace(data.text)
    }
    const words = JSON.stringify([data.dialect, data.tables])
    if (words !== this.words) {
      this.words = words
      this.view.dispatch({ effects: this.language.reconfigure(sqlLanguage(data.dialect, data.tables)) })
    }
    const fault = JSON.stringify(data.fault ?? null)
    if (fault !== this.fault) {
      this.fault = fault
      this.underline(data.fault)
    }
  }

  replace(text) {
    if (text === this.text()) return
    this.view.dispatch({ changes: { from: 0, to: this.view.state.doc.length, insert: text } })
    this.reported = JSON.stringify(place(text, 0, 0))
  }

  underline(fault) {
    const { doc } = this.view.state
    this.clear()
    if (!fault || fault.text !== this.text() || fault.line > doc.lines) return
    const line = doc.line(fault.line)
    const from = Math.min(line.from + offsetOf(line.text, fault.column - 1), line.to)
    const word = /^(?:[\p{L}\p{N}_$]+|"[^"]*"|\S)/u.exec(line.text.slice(from - line.from))
    const to = Math.max(from, Math.min(line.to, from + (word ? word[0].length : 1)))
    const begin = from === to && from > line.from ? from - 1 : from
    const diagnostic = { from: begin, to, severity: "error", message: fault.message }
    this.view.dispatch(setDiagnostics(this.view.state, [diagnostic]))
    this.isUnderlined = true
  }

  clear() {
    if (!this.isUnderlined) return
    this.isUnderlined = false
    this.view.dispatch(setDiagnostics(this.view.state, []))
  }

  ask() {
    clearTimeout(this.pause)
    closeCompletion(this.view)
    const asked = this.now()
    this.reported = JSON.stringify(asked)
    this.component.setTriggerValue("run", asked)
    return true
  }

  reportSoon() {
    clearTimeout(this.pause)
    this.pause = setTimeout(() => this.report(), PAUSE_MILLISECONDS)
  }

  // The Run button shows what will run: all, or the selection. Moving the cursor does not change that.
  reportSelection() {
    const isSelected = !this.view.state.selection.main.empty
    if (isSelected || this.wasSelected) this.reportSoon()
    this.wasSelected = isSelected
  }

  report() {
    clearTimeout(this.pause)
    const draft = this.now()
    const written = JSON.stringify(draft)
    if (written === this.reported) return
    this.reported = written
    this.component.setStateValue("draft", draft)
  }

  now() {
    const { from, to } = this.view.state.selection.main
    return place(this.text(), from, to)
  }

  text() {
    return this.view.state.doc.toString()
  }

  remember() {
    const { storage, session, base } = this.data
    sessionStorage.setItem(storage, JSON.stringify({ session, base, revision: this.revision, text: this.text() }))
  }

  close() {
    clearTimeout(this.pause)
    this.view.destroy()
  }
}

// The text typed last, unless Python has set another text since. A new session starts with the stored text, which does
// not replace what was typed before a reload unless it was stored later, perhaps from another window.
function remembered({ storage, session, revision, base }) {
  const kept = JSON.parse(sessionStorage.getItem(storage) ?? "null")
  if (!kept) return null
  return (kept.session === session ? kept.revision === revision : kept.base === base) ? kept.text : null
}

// Python counts characters, JavaScript UTF-16 units: offsets are sent in characters.
function place(text, from, to) {
  return { text, from: [...text.slice(0, from)].length, to: [...text.slice(0, to)].length }
}

function offsetOf(text, characters) {
  return [...text].slice(0, characters).join("").length
}
