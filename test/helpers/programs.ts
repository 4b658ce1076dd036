import { readFileSync } from "node:fs";
import { bindImports } from "../../generated/abi/component/imports.ts";
import { type HostFamilies, UNAVAILABLE } from "../../generated/hostcall/families.ts";
import { ResourceScope } from "../../generated/hostcall/runtime.ts";
import type { ImportObject } from "../../src/abi/component/import-object.ts";
import type { BuildResult } from "../../src/build/build-guest.ts";
import { FAMILIES_GUEST } from "./families-guest.ts";
import { cachedGuest } from "./guest-cache.ts";
import { PROGRAM } from "./guest-program.ts";
import { PROBE_GUEST } from "./probe-guest.ts";
import { REALTIME_GUEST } from "./realtime-guest.ts";

/** An asynchronous run with the web's timers, which QuickJS lacks. */
const TIMERS = `async timers() {
		const order: string[] = [];
		await Promise.all([150, 50].map((ms) => new Promise<void>((done) => setTimeout(() => { order.push(String(ms)); done(); }, ms))));
		return order.join();
	},`;

const JOBS = "const jobs: Record<string, () => string> = {";

/** Guests that tests run in StarlingMonkey. One component contains all of them, because a build takes long and most of it is the engine. */
const PROGRAMS = {
	bindings: readFileSync(new URL("../codegen/emit/abi-component/host-e2e-guest.ts", import.meta.url), "utf8"),
	chat: PROBE_GUEST,
	families: FAMILIES_GUEST,
	library: PROGRAM.replace(JOBS, `const jobs: Record<string, () => string | Promise<string>> = {\n\t${TIMERS}`),
	realtime: REALTIME_GUEST,
};

export type ProgramName = keyof typeof PROGRAMS;

const NAMES = Object.keys(PROGRAMS);

/** The first run selects the program for all later ones. */
const ENTRY = `
${NAMES.map((name, index) => `import { run as run${index} } from "./${name}.ts";`).join("\n")}

const programs = { ${NAMES.map((name, index) => `${JSON.stringify(name)}: run${index}`).join(", ")} };
let chosen;

export function run(input) {
	if (chosen) return chosen(input);
	chosen = programs[input];
	return JSON.stringify(chosen ? "chosen" : "no such program");
}
`;

/** Returns the component with all programs, for StarlingMonkey. */
export function programs(): Promise<BuildResult> {
	const files = Object.entries(PROGRAMS).map(([name, text]) => [`${name}.ts`, text]);
	return cachedGuest({ ...Object.fromEntries(files), "guest.ts": ENTRY }, { engine: "starlingmonkey", world: "agent" });
}

/** Selects the program that an instance of that component runs. */
export async function choose<T extends { run(input: string): Promise<unknown> }>(instance: T, program: ProgramName): Promise<T> {
	const answer = JSON.stringify(await instance.run(program));
	if (!answer.includes("chosen")) throw new Error(`${program} is no program of this guest: ${answer}`);
	return instance;
}

const none: HostFamilies<void> = {
	asr: UNAVAILABLE,
	cchat: UNAVAILABLE,
	discovery: UNAVAILABLE,
	emb: UNAVAILABLE,
	img: UNAVAILABLE,
	log: UNAVAILABLE,
	media: UNAVAILABLE,
	output: UNAVAILABLE,
	poll: UNAVAILABLE,
	rt: UNAVAILABLE,
	transform: UNAVAILABLE,
	tts: UNAVAILABLE,
};

/** Returns every interface that the component imports, from a host that implements none of them. */
export function unavailableImports(): ImportObject {
	return bindImports(none, undefined, {
		resources: new ResourceScope(),
		toError: (cause) => ({ code: "internal", message: String(cause), retryable: false }),
		fault: (cause) => {
			throw cause;
		},
	});
}
