/** Functions for tests that read WIT from a string. */
import * as assert from "uvu/assert";
import type { Interface, Model } from "../../codegen/model/model.ts";
import { type ReadOptions, readWitText } from "../../codegen/wit/read.ts";

/** Returns a package `a:b@1.0.0` with one interface `i` and a world `w` that imports it. */
export function inInterface(body: string): string {
	return `package a:b@1.0.0;\ninterface i {\n${body}\n}\nworld w { import i; }\n`;
}

/** Returns the model of valid WIT. Fails the test if there is an error. */
export function modelOf(text: string, options?: ReadOptions): Model {
	const { model, diagnostics } = readWitText(text, options);
	assert.ok(model, diagnostics.map((each) => `${each.span.line}:${each.span.column} ${each.message}`).join("\n"));
	return model;
}

/** Returns the interface `i` of a package with that body. */
export function interfaceOf(body: string, options?: ReadOptions): Interface {
	const found = modelOf(inInterface(body), options).main.interfaces[0];
	assert.ok(found);
	return found;
}

/** Returns every diagnostic in order, as `line:column code message`. */
export function faultsOf(text: string, options?: ReadOptions): string[] {
	return readWitText(text, options).diagnostics.map((each) => `${each.span.line}:${each.span.column} ${each.code} ${each.message}`);
}
