// The language of the editor: a dialect's keywords, and the experiment's tables and columns for completion.
import { SQLDialect, keywordCompletionSource, schemaCompletionSource, sql } from "@codemirror/lang-sql"
import { completeFromList, ifNotIn } from "@codemirror/autocomplete"
import { ranked } from "./ranking.js"

// Only the keywords of queries: a grammar's full list would offer a thousand rare ones, and colour columns named
// "month" or "name" as keywords.
const KEYWORDS =
  "select from where group by order having limit offset with recursive as distinct on using join inner left right full " +
  "outer cross natural lateral asof semi anti positional union intersect except all any some exists in between like " +
  "ilike similar to escape is not null and or case when then else end cast try_cast over partition window rows range " +
  "groups unbounded preceding following current row filter within qualify pivot unpivot for values asc desc nulls " +
  "first last interval extract date timestamp time tablesample sample summarize describe show tables explain analyze " +
  "exclude replace columns true false rollup cube grouping sets fetch top ignore respect collate array struct map"
const TYPES =
  "integer int bigint smallint tinyint hugeint decimal numeric number float double real boolean varchar char text " +
  "string uuid json variant object super blob binary timestamptz timestamp_ntz timestamp_ltz timestamp_tz datetime"
const FUNCTIONS =
  "count sum avg min max median mode stddev variance round floor ceil abs coalesce nullif greatest least date_trunc " +
  "date_part datediff dateadd current_date upper lower trim substring length concat split_part " +
  "row_number rank dense_rank lag lead first_value last_value ntile string_agg list array_agg approx_count_distinct"
const DEFINITIONS =
  "create replace table temporary temp transient view schema database if not exists primary foreign key references " +
  "unique check constraint default identity autoincrement encode distkey sortkey diststyle compound interleaved cluster " +
  "comment collate masking policy tag alter add column drop rename grant revoke to insert into copy unload update " +
  "delete truncate begin commit end use set as select from where is on null or and with"
const SHARED = { keywords: KEYWORDS, types: TYPES, builtin: "", doubleDollarQuotedStrings: true }

const DIALECTS = {
  duckdb: SQLDialect.define(SHARED),
  redshift: SQLDialect.define(SHARED),
  snowflake: SQLDialect.define({ ...SHARED, slashComments: true }),
}

const NOT_IN_TEXT = ["QuotedIdentifier", "String", "LineComment", "BlockComment", "."]

const SCRIPTS = Object.fromEntries(
  Object.entries({ duckdb: {}, redshift: {}, snowflake: { slashComments: true } }).map(([name, more]) => [
    name,
    SQLDialect.define({ ...SHARED, ...more, keywords: DEFINITIONS }),
  ]),
)

// The language of a CREATE TABLE script, without completion.
export function scriptLanguage(name) {
  return sql({ dialect: SCRIPTS[name] ?? SCRIPTS.duckdb })
}

export function sqlLanguage(name, tables) {
  const dialect = DIALECTS[name] ?? DIALECTS.duckdb
  const sources = [
    schemaCompletionSource({ dialect, schema: namespace(tables) }),
    keywordCompletionSource(dialect),
    ifNotIn(NOT_IN_TEXT, columnsOfMentioned(tables)),
    ifNotIn(NOT_IN_TEXT, afterLetter(functions)),
  ]
  return [dialect.language, sources.map(source => dialect.language.data.of({ autocomplete: ranked(source) }))]
}

function namespace(tables) {
  return Object.fromEntries(
    tables.map(table => [
      table.name,
      {
        self: { label: table.name, type: "type", detail: table.detail, boost: 2 },
        children: table.columns.map(([label, detail]) => ({ label, type: "property", detail, boost: 3 })),
      },
    ]),
  )
}

// Completes unqualified columns of the tables that the text mentions.
function columnsOfMentioned(tables) {
  return context => {
    const word = context.matchBefore(/[\p{L}_][\p{L}\p{N}_]*/u)
    if (!word || (word.from === word.to && !context.explicit)) return null
    if (context.state.sliceDoc(word.from - 1, word.from) === ".") return null
    const text = context.state.doc.toString().toLowerCase()
    const words = new Set(text.match(/[\p{L}_][\p{L}\p{N}_]*/gu))
    const mentioned = tables.filter(table => words.has(table.name.toLowerCase()))
    const options = new Map()
    for (const table of mentioned) {
      for (const [label, detail] of table.columns) {
        const known = options.get(label)
        const from = known ? `${known.from}, ${table.name}` : table.name
        options.set(label, { label, type: "property", detail: `${detail} · ${from}`, from, boost: 3 })
      }
    }
    const found = [...options.values()].map(({ label, type, detail, boost }) => ({ label, type, detail, boost }))
    return found.length ? { from: word.from, options: found, validFor: /^[\p{L}\p{N}_]*$/u } : null
  }
}

const functions = completeFromList(
  FUNCTIONS.split(" ").map(label => ({ label, type: "function", apply: `${label}(`, boost: -1 })),
)

function afterLetter(source) {
  return context => {
    const word = context.matchBefore(/\w+/)
    if (!word || context.state.sliceDoc(word.from - 1, word.from) === ".") return null
    return source(context)
  }
}
