/**
 * `spear-hostcall/guest/testing/register`: lets Node load guests as plain modules, for tests with any runner.
 *
 *     node --import spear-hostcall/guest/testing/register --test
 */
import "../runtime/require-node.ts";
import module from "node:module";
import { interfaceSource, isInterface, libraryFile } from "./guest-modules.ts";

module.registerHooks({
	resolve(specifier, context, next) {
		if (isInterface(specifier)) return { url: specifier, format: "module", shortCircuit: true };
		return next(libraryFile(specifier) ?? specifier, context);
	},
	load(url, context, next) {
		if (isInterface(url)) return { format: "module", source: interfaceSource(url), shortCircuit: true };
		return next(url, context);
	},
});
