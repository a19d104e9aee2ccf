// The one style sheet of the documentation: paper and ink by day, the reverse by night, brass for what can be followed.
// It must never load anything.

export const style = `
:root {
  color-scheme: light dark;
  --paper: #fdfcf9; --raised: #f6f3ec; --ink: #211f1b; --quiet: #6d675c; --line: #e5dfd3; --brass: #84560f;
  --get: #1b5e8c; --post: #1c6b45; --patch: #6a4596; --delete: #a3352b;
  --wire: #1c1e22; --wire-line: #32353b; --wire-ink: #d9dade; --wire-name: #9ec5e8; --wire-text: #b6d7a0;
  --serif: "Iowan Old Style", "Palatino Linotype", Palatino, "URW Palladio L", "Book Antiqua", Georgia, serif;
  --sans: ui-sans-serif, system-ui, -apple-system, "Segoe UI", "Helvetica Neue", Arial, sans-serif;
  --mono: ui-monospace, "SF Mono", "Cascadia Code", Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #17171a; --raised: #202024; --ink: #e6e3dc; --quiet: #9c978c; --line: #33322f; --brass: #dba953;
    --get: #7db9e2; --post: #7cc79d; --patch: #bd9ce6; --delete: #ec8b80;
    --wire: #101114; --wire-line: #2a2c31;
  }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; scroll-padding-top: 1.5rem; -webkit-text-size-adjust: 100%; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.6 var(--sans); }
a { color: var(--brass); text-decoration-thickness: 1px; text-underline-offset: 0.2em; }
a:focus-visible, summary:focus-visible { outline: 2px solid var(--brass); outline-offset: 3px; border-radius: 2px; }
h1, h2, h3 { font-family: var(--serif); font-weight: 600; line-height: 1.2; text-wrap: balance; }
h1 { font-size: 2.6rem; margin: 0; letter-spacing: -0.01em; }
h2 { font-size: 1.9rem; margin: 0 0 0.6rem; }
h3 { font-size: 1.35rem; margin: 0 0 0.6rem; }
h3 a { color: inherit; text-decoration: none; }
h3 a:hover { text-decoration: underline; }
h4 { margin: 1.6rem 0 0.2rem; font-size: 0.95rem; font-weight: 650; }
p { margin: 0 0 0.8rem; }
.lead { font-size: 1.15rem; max-width: 44rem; }
.quiet { color: var(--quiet); }
p.quiet { font-size: 0.85rem; }
code, pre, .path, .method, .status { font-family: var(--mono); }
code { font-size: 0.875em; overflow-wrap: anywhere; }

nav { padding: 2rem 1.25rem 3rem; border-right: 1px solid var(--line); font-size: 0.9rem; line-height: 1.35; }
nav p { margin: 1.4rem 0 0.3rem; font-weight: 650; }
nav p:first-child { margin-top: 0; }
nav .mark { font: 600 1.3rem/1.2 var(--serif); }
nav ul { list-style: none; margin: 0; padding: 0; }
nav a { color: inherit; text-decoration: none; }
nav li a { display: flex; justify-content: space-between; gap: 0.75rem; align-items: baseline; padding: 0.22rem 0; color: var(--quiet); }
nav a:hover { color: var(--brass); }
nav .method { font-size: 0.65rem; padding: 0; background: none; }

main { padding: 3rem clamp(1.25rem, 4vw, 4rem) 6rem; min-width: 0; }
main.single { max-width: 50rem; margin: 0 auto; }
main.single h1 { font-size: clamp(1.5rem, 6vw, 2.3rem); overflow-wrap: anywhere; }
main.single h2 { font-size: 1.3rem; margin-top: 2.2rem; }
header { margin-bottom: 2.5rem; }
.chapter { max-width: 46rem; margin-bottom: 3rem; }
.resource { border-top: 1px solid var(--line); padding-top: 3rem; margin-top: 4rem; }
.operation { padding: 2.5rem 0; border-top: 1px dashed var(--line); }
.resource > .lead + .operation { border-top: 0; padding-top: 1rem; }
.route { overflow-wrap: anywhere; }
.path { font-size: 0.95rem; }
.path em { font-style: normal; color: var(--brass); }
.method { font-size: 0.75rem; font-weight: 700; letter-spacing: 0.03em; padding: 0.15rem 0.45rem; border-radius: 4px; color: var(--method); background: color-mix(in srgb, var(--method) 12%, transparent); }
.get { --method: var(--get); } .post { --method: var(--post); } .patch { --method: var(--patch); } .delete { --method: var(--delete); }
.status { font-size: 0.85em; font-weight: 700; }
.callers { color: var(--quiet); font-size: 0.9rem; }
.codes a { margin-right: 0.4rem; }
.codes a:not(.quiet) { font-family: var(--mono); font-size: 0.85rem; }
.codes a:not(:hover), td a:not(:hover) { text-decoration: none; }
.codes a.quiet { font-size: 0.9rem; }

.fields { list-style: none; margin: 0; padding: 0; }
.fields li { padding: 0.6rem 0; border-bottom: 1px solid var(--line); }
.fields li:last-child { border-bottom: 0; }
.fields p { margin: 0; }
.fields .name { font-weight: 650; font-size: 0.9rem; }
.type, .bounds { color: var(--quiet); font-size: 0.85rem; }
.required { color: var(--delete); font-size: 0.85rem; }
details { margin-top: 1.5rem; border: 1px solid var(--line); border-radius: 8px; background: var(--raised); padding: 0 1.25rem; }
details[open] { padding-bottom: 0.5rem; }
summary { cursor: pointer; padding: 0.8rem 0; }
.routes { list-style: none; padding: 0; }
.routes li { margin: 0.5rem 0; }
.routes a { text-decoration: none; color: inherit; }

.scroll { overflow-x: auto; margin: 0 0 0.8rem; }
table { border-collapse: collapse; width: 100%; font-size: 0.92rem; }
th { text-align: left; font-weight: 650; }
th, td { padding: 0.4rem 1rem 0.4rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
td + td:not(:last-child), td:last-child { font-variant-numeric: tabular-nums; }

figure { margin: 0 0 1rem; border-radius: 8px; overflow: hidden; background: var(--wire); border: 1px solid var(--wire-line); }
figcaption { color: #a2a5ac; font-size: 0.8rem; padding: 0.5rem 1rem; border-bottom: 1px solid var(--wire-line); }
pre { margin: 0; padding: 0.9rem 1rem; overflow-x: auto; font-size: 0.82rem; line-height: 1.55; color: var(--wire-ink); background: var(--wire); tab-size: 2; }
pre b { font-weight: 400; color: var(--wire-name); }
pre i { font-style: normal; color: var(--wire-text); }
section > pre { border-radius: 8px; margin-bottom: 1rem; }

@media (min-width: 62rem) {
  body:has(nav) { display: grid; grid-template-columns: 17rem minmax(0, 1fr); }
  nav { position: sticky; top: 0; height: 100vh; overflow-y: auto; scrollbar-width: thin; }
}
@media (min-width: 80rem) {
  .operation { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 30rem); gap: 3rem; }
  .wire { position: sticky; top: 1.5rem; align-self: start; }
  .wire pre { max-height: 60vh; overflow-y: auto; scrollbar-width: thin; }
  details .fields { display: grid; grid-template-columns: 1fr 1fr; column-gap: 3rem; }
  main { max-width: 92rem; }
}
@media (max-width: 61.99rem) {
  nav { border-right: 0; border-bottom: 1px solid var(--line); padding: 1.25rem; line-height: 2; }
  nav .operations { display: none; }
  nav p, nav li { display: inline-block; margin: 0 1rem 0 0; }
  nav p:first-child { display: block; }
  nav ul { margin-bottom: 0.25rem; }
  nav li a { padding: 0; }
  main { padding-top: 2rem; }
  h1 { font-size: 2.1rem; }
}
@media print {
  nav { display: none; }
  body:has(nav) { display: block; }
  pre { white-space: pre-wrap; }
}
`;
