// The two components of the bundle: the view of an imported script, and the query editor.
import editor from "./editor.js"
import script from "./script.js"

export default component => (component.parentElement.querySelector("#script") ? script : editor)(component)
