import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { fileRecord } from "../../../../src/abi/component/files/file-record.ts";
import { loadComponent } from "../../../../src/abi/component/load.ts";
import { SpearError } from "../../../../src/errors/spear-error.ts";
import { cliGuest } from "../../../helpers/cli-guest.ts";
import { scratch } from "../../../helpers/guest.ts";
import { unavailableImports } from "../../../helpers/programs.ts";

const guest = await cliGuest();
const plan = JSON.parse(await readFile(join(guest.prepared, "plan.json"), "utf8"));
let folders = 0;

/** Instantiates the agent with a plan that is well formed and makes no sense. Returns the error. */
async function refusal(change: object): Promise<SpearError> {
	folders += 1;
	const directory = join(scratch(), `hostile-plan-${folders}`, "x.spear");
	await mkdir(join(directory, ".."), { recursive: true });
	await cp(guest.prepared, directory, { recursive: true });
	const text = JSON.stringify({ ...plan, ...change });
	await writeFile(join(directory, "plan.json"), text);
	const manifest = JSON.parse(await readFile(join(directory, "manifest.json"), "utf8"));
	await writeFile(join(directory, "manifest.json"), JSON.stringify({ ...manifest, plan: fileRecord(text) }));
	const error: unknown = await loadComponent(directory)
		.then((loaded) => loaded.instantiate(unavailableImports()))
		.catch((thrown: unknown) => thrown);
	assert.ok(error instanceof SpearError, String(error));
	return error;
}

const { run } = plan.exports;
const [first, ...rest] = plan.trampolines;

const CASES: readonly (readonly [name: string, change: object])[] = [
	["whose run is a function of the host", { exports: { run: { ...run, core: { trampoline: 0 } } } }],
	["whose run is in a core instance that does not exist", { exports: { run: { ...run, core: { step: 63, name: "run" } } } }],
	["whose run is no function", { exports: { run: { ...run, core: run.options.memory } } }],
	["whose memory is a function", { exports: { run: { ...run, options: { ...run.options, memory: run.core } } } }],
	[
		"that calls a function which it does not import",
		{ trampolines: [{ ...first, kind: "lower-import", interface: "x:y/z", function: "f", options: {} }, ...rest] },
	],
	[
		"whose function needs the memory of a later core instance",
		{ trampolines: plan.trampolines.map((each: object) => ({ ...each, options: { memory: { step: 62, name: "memory" } } })) },
	],
];

for (const [name, change] of CASES)
	test(`a prepared agent ${name} is refused`, async () => {
		const { code, message } = await refusal(change);
		assert.is(code, "invalid_request", message);
	});

test.run();
