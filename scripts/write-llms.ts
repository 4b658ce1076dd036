/**
 * `npm run llms`: `llms.txt`, the list of the package's documents for programs that read.
 *
 *     npm run llms                print the file
 *     npm run llms -- --write     update llms.txt
 *     npm run llms -- --check     exit 1 if that file differs
 *
 * @see https://llmstxt.org
 */
import "./require-node.ts";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import process from "node:process";
import { type Page, SECTIONS } from "./docs-site/pages.ts";
import { runMadeFile } from "./made-file.ts";

const ROOT = resolve(import.meta.dirname, "..");

export const LLMS_FILE = resolve(ROOT, "llms.txt");

/** Pages that another page of the list leads to, one for each interface and world, and a page that is not in the package because of its pictures. */
const LEFT_OUT = /^src\/cluster\/|^src\/media\/shared\/|^generated\/docs\/(?:worlds\/|(?!README|core)[a-z]+\.md$)/;

/** Subpaths of the package, in one sentence each. */
const SUBPATHS: Readonly<Record<string, string>> = {
	".": "`createHost`, agents, `host.client()`, errors and types",
	"./admin": "client of the admin API of `spear serve`",
	"./backend": "`defineBackend` and the parts that backend kinds are made of",
	"./backend/conformance": "suite that judges a backend kind",
	"./codegen": "types of an emitter for `spear-codegen`",
	"./component": "runtime of bindings that `spear-codegen` has made",
	"./guest": "`agent` and `emit`: imported by guests",
	"./guest/chat": "chats and tools in a guest",
	"./guest/history": "conversations within a number of tokens, in a guest",
	"./guest/media": "images, sound and files in a guest",
	"./guest/platform": "types of the globals of a guest",
	"./guest/poll": "waiting for several streams in a guest",
	"./guest/retry": "retries in a guest",
	"./guest/schema": "checks of values by a schema in a guest",
	"./guest/search": "search by embeddings in a guest",
	"./guest/structured": "values of a schema, and typed tools, in a guest",
	"./guest/testing": "guests as plain modules under a test runner",
	"./guest/testing/register": "loader of guests for `node --import`",
	"./guest/types": "typings of `spear:ai/*`",
	"./schema": "JSON Schema of `spear.toml`",
	"./serve": "`createServer`: the HTTP server of a host",
	"./testing": "scripted backends and upstreams for tests",
};

/** Returns the file for the package as it is. */
export function currentLlms(): string {
	const { exports, description }: { exports: object; description: string } = JSON.parse(
		readFileSync(resolve(ROOT, "package.json"), "utf8"),
	);
	const subpaths = Object.keys(exports).filter((name) => name !== "./package.json");
	const imports = subpaths.map((name) => {
		const words = SUBPATHS[name];
		if (words === undefined) throw new Error(`scripts/write-llms.ts has no words about the subpath ${name}`);
		return `- \`spear-hostcall${name.slice(1)}\`: ${words}`;
	});
	return `# Spear Hostcall

> ${description} A host in Node 24 runs agents as WebAssembly guests, and routes their requests, and those of applications, to AI backends.

- Configuration is \`spear.toml\`. Keys are never in it: it names environment variables or files.
- Without a configuration, the backend \`stub\` answers with made-up content, so every program and test runs without a key.
- Members of payloads are in snake_case. Failures are \`SpearError\` with a \`code\`, or \`GuestError\`.
- Guests are synchronous: a hostcall suspends the guest. A guest has no network, no files and no environment.

${SECTIONS.map(
	({ title, pages }) =>
		`## ${title}\n\n${pages
			.filter(({ file }) => !LEFT_OUT.test(file))
			.map(line)
			.join("\n")}`,
).join("\n\n")}

## Imports

${imports.join("\n")}
`;
}

function line({ file, name, about }: Page): string {
	return `- [${name}](${file}): ${about}`;
}

if (import.meta.main) {
	const made = {
		command: "npm run llms",
		file: LLMS_FILE,
		make: currentLlms,
		prints: true,
		differs: "llms.txt differs from the pages of the documentation; run `npm run llms -- --write` and review it",
	};
	process.exitCode = await runMadeFile(made, process.argv.slice(2));
}
