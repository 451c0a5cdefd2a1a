// Two components of one bundle: the script of an import with its notes, and the editor of queries.
import editor from "./editor.js"
import script from "./script.js"

export default component => (component.parentElement.querySelector("#script") ? script : editor)(component)
