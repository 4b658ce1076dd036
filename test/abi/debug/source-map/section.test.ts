import { test } from "uvu";
import * as assert from "uvu/assert";
import { inspectComponent } from "../../../../src/abi/component/binary/inspect.ts";
import { MAX_SOURCE_MAP_BYTES, sourceMapOf, withSourceMap } from "../../../../src/abi/debug/source-map/section.ts";
import { assemble } from "../../../helpers/guest.ts";
import { plainComponent } from "../../../helpers/guest-components.ts";

const component = await assemble(plainComponent("(call $answer)"));

test("a component carries its source map, and is the same component", () => {
	const map = JSON.stringify({ version: 3, sources: ["größe.ts"], mappings: "A".repeat(300_000) });
	const mapped = withSourceMap(component, map);
	assert.is(sourceMapOf(mapped), map);
	assert.equal(Buffer.from(mapped.subarray(0, component.length)), Buffer.from(component));
	assert.equal(inspectComponent(mapped), inspectComponent(component));
});

test("a component without a map, with one that is too large, or with broken sections has none", () => {
	assert.is(sourceMapOf(component), undefined);
	assert.is(sourceMapOf(withSourceMap(component, " ".repeat(MAX_SOURCE_MAP_BYTES + 1))), undefined);
	const mapped = withSourceMap(component, "{}");
	for (let length = 0; length < mapped.length; length += 1) assert.is(sourceMapOf(mapped.subarray(0, length)), undefined);
	assert.is(sourceMapOf(Buffer.concat([component.subarray(0, 8), Buffer.of(0, 0xff, 0xff, 0xff, 0xff, 0x0f)])), undefined);
});

test.run();
