/** Preloaded module: imports of this package by its name resolve to its sources, so that tests need no build. */
import { registerHooks } from "node:module";

const SOURCES: Readonly<Record<string, string>> = {
	"spear-hostcall": "../../src/index.ts",
	"spear-hostcall/backend": "../../src/backend.ts",
	"spear-hostcall/backend/conformance": "../../src/backend-conformance.ts",
	"spear-hostcall/guest/testing": "../../src/guest-testing.ts",
	"spear-hostcall/testing": "../../src/testing.ts",
};

registerHooks({
	resolve(specifier, context, next) {
		const source = SOURCES[specifier];
		return source === undefined ? next(specifier, context) : { url: new URL(source, import.meta.url).href, shortCircuit: true };
	},
});
