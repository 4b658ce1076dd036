/**
 * `npm run guests:core -- --write`: writes the text forms of the tests' core modules, which machines without a compiler of C use.
 * `--check` compares what both import and export. Compilers differ in the rest.
 */
import "./require-node.ts";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import process from "node:process";
import { parse, print } from "@bytecodealliance/jco";
import { readCoreInterface } from "../src/abi/binary/core-interface.ts";
import { compiled, coreGuestNames, hasCompiler, textFormOf } from "../test/helpers/core-guests.ts";

/** Returns the imports and exports of a module, with the types of functions. */
function borderOf(bytes: Uint8Array): string {
	const { imports, exports } = readCoreInterface(bytes);
	const taken = imports.map(({ module, name, signature }) => `import ${module}.${name} ${signature}`);
	const given = [...exports].map(([name, { signature }]) => `export ${name} ${signature}`);
	return [...taken, ...given].sort().join("\n");
}

const [option, ...more] = process.argv.slice(2);
if ((option !== "--write" && option !== "--check") || more.length > 0) {
	process.stderr.write("usage: npm run guests:core -- --write | --check\n");
	process.exit(2);
}
if (!(await hasCompiler())) {
	const isCheck = option === "--check";
	process.stderr.write(
		`${isCheck ? "skipped: the text forms of core modules are not compared; " : ""}clang and wasm-ld are needed, e.g. \`apt-get install clang lld\`\n`,
	);
	process.exit(isCheck ? 0 : 2);
}
let differ = 0;
for (const name of coreGuestNames()) {
	const bytes = await compiled(name);
	const file = textFormOf(name);
	if (option === "--write") {
		mkdirSync(dirname(file), { recursive: true });
		writeFileSync(file, await print(bytes));
	} else if (borderOf(await parse(readFileSync(file, "utf8"))) !== borderOf(bytes)) {
		process.stderr.write(`${file} has other imports or exports than its source; run \`npm run guests:core -- --write\`\n`);
		differ += 1;
	}
}
process.exitCode = differ === 0 ? 0 : 1;
