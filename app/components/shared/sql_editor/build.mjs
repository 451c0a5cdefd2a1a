// Builds the editor into bundle/: one script, and the licences of its packages.
// Needed only after a change of source/ or of the packages: `npm ci && npm run build`.
import { readFileSync, readdirSync, writeFileSync } from "node:fs"
import { build } from "esbuild"

const made = await build({
  entryPoints: ["source/index.js"],
  outfile: "bundle/sql_editor.js",
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  metafile: true,
  legalComments: "none",
  banner: { js: "/* Built from app/components/sql_editor; the licences of its packages are in LICENCES.txt. */" },
})

const packages = new Set(
  Object.keys(made.metafile.inputs)
    .map(path => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1])
    .filter(Boolean),
)
const licences = [...packages].sort().map(name => {
  const folder = `node_modules/${name}`
  const { version, license } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"))
  const file = readdirSync(folder).find(entry => /^licen[cs]e/i.test(entry))
  if (!file) throw new Error(`${name} comes without a licence text`)
  return `${name} ${version} (${license})\n\n${readFileSync(`${folder}/${file}`, "utf8").trim()}\n`
})
writeFileSync("bundle/LICENCES.txt", licences.join(`\n${"-".repeat(80)}\n\n`))
