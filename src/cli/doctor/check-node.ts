import process from "node:process";
import type { DoctorCheck } from "./doctor-check.ts";

/** Checks that guests can run on this Node. An older Node ends the command before any check. */
export function checkNode(): DoctorCheck {
	const version = process.versions.node;
	// Asynchronous hostcalls suspend the stack of a guest: https://github.com/WebAssembly/js-promise-integration
	if ("Suspending" in Object(Reflect.get(globalThis, "WebAssembly"))) return { area: "node", name: "node", status: "ok", message: version };
	return {
		area: "node",
		name: "node",
		status: "problem",
		message: `${version} lacks WebAssembly.Suspending, so guests cannot run`,
		remedy: "start node without options that turn off features of WebAssembly",
	};
}
