/** Cost of reading the manifest of a prepared agent, and of comparing its imports with the host's, in their size. */
import { test } from "uvu";
import { HOST_INTERFACES } from "../../../../generated/abi/component/lowering/index.ts";
import { missingImports } from "../../../../src/abi/component/import-object.ts";
import { MANIFEST_FORMAT, MODULE_FILE, parseManifest } from "../../../../src/abi/component/jco/manifest.ts";
import { asyncImportsOf } from "../../../../src/abi/component/jco/transpile.ts";
import { OfferedInterfaces } from "../../../../src/abi/component/link/offered-interfaces.ts";
import { assertLinear, type GrowthCase } from "../../../helpers/growth.ts";

const offered = new OfferedInterfaces(HOST_INTERFACES);
const RECORD = { sha256: "0".repeat(64), bytes: 1 };
const names = (size: number, name: string): string[] => Array.from({ length: size }, (_, index) => `${name}${index}`);
const manifest = (more: object): string =>
	JSON.stringify({
		format: MANIFEST_FORMAT,
		component: RECORD,
		files: { [MODULE_FILE]: RECORD },
		imports: [],
		asyncImports: [],
		exports: [],
		jco: "1",
		...more,
	});
const importing = (size: number): object => ({ imports: [{ name: "spear:ai/cchat@0.1.0", functions: names(size, "f-"), resources: [] }] });

function load(text: string): unknown {
	const { imports, asyncImports } = parseManifest(text, "manifest.json");
	const wanted = imports.map(({ functions, ...each }) => ({
		...each,
		functions: Object.fromEntries(functions.map((name) => [name, undefined])),
	}));
	offered.checkVersions("x", wanted);
	return [missingImports(imports, { "spear:ai/cchat": { f1: () => {} } }), asyncImportsOf({ imports }, asyncImports)];
}

const CASES: readonly GrowthCase[] = [
	{
		name: "many files",
		make: (size) => manifest({ files: Object.fromEntries([MODULE_FILE, ...names(size, "f")].map((name) => [name, RECORD])) }),
		run: load,
	},
	{ name: "a long name of a file", make: (size) => manifest({ files: { [`${"a.".repeat(size)}!`]: RECORD } }), run: load },
	{ name: "many functions", make: (size) => manifest(importing(size)), run: load, from: 1 << 11 },
	{
		name: "many interfaces",
		make: (size) => manifest({ imports: names(size, "a:b/c").map((name) => ({ name, functions: ["f"], resources: ["r"] })) }),
		run: load,
	},
	{ name: "a long name of a function", make: (size) => manifest(importing(1)).replace("f-0", `[method]${"-a.".repeat(size)}`), run: load },
];

for (const each of CASES)
	test(`a manifest with ${each.name} has a cost that grows linearly`, () => assertLinear({ from: 256, to: 1 << 12, ...each }));

test.run();
