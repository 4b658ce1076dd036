import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as types from "../../../../generated/ir/types.ts";
import { RequestDowngrades } from "../../../../src/backends/kit/chat/request-downgrades.ts";
import { ANTHROPIC } from "../../../../src/backends/kit/schema/dialects/anthropic.ts";
import { RequestSchemas } from "../../../../src/backends/kit/schema/request-schemas.ts";

const downgrade = (field: string, effect: types.DowngradeEffect, detail: string): types.Downgrade => ({ field, effect, detail });

test("losses of a tool's schema name the tool and the path, and a narrower schema is a changed one", () => {
	const downgrades = new RequestDowngrades();
	const parameters = { type: "object", properties: { city: { type: "string", minLength: 2 } } };
	new RequestSchemas(ANTHROPIC, downgrades).tool({ name: "find", parameters, strict: true }, 3);
	const at = (path: string): string => `tools[3].parameters${path} (tool "find")`;
	assert.equal(downgrades.all, [
		downgrade("tools.parameters", "emulated", `${at(".properties.city")}: minLength moved into the description`),
		downgrade("tools.parameters", "changed", `${at("")}: properties that the schema does not name are excluded`),
	]);
});

test("a field has 16 downgrades and the number of the others, and changed ones are left out first", () => {
	const downgrades = new RequestDowngrades();
	for (let index = 0; index < 20; index++) downgrades.add(downgrade("a", "changed", `change ${index}`));
	downgrades.add(downgrade("a", "emulated", "loss"));
	downgrades.add(downgrade("b", "dropped", "other"));
	const { all } = downgrades;
	assert.is(all.length, 18);
	assert.equal(all[0], downgrade("a", "emulated", "loss"));
	assert.equal(all[16], downgrade("a", "changed", "5 more differences of this field"));
	assert.equal(all[17], downgrade("b", "dropped", "other"));
});

test("an answer keeps the downgrades that it has, and stays the same object if there are no others", () => {
	const downgrades = new RequestDowngrades();
	const response = {
		model: "m",
		message: { role: "assistant" as const, content: [], tool_calls: [] },
		finish_reason: "stop" as const,
		downgrades: [downgrade("a", "changed", "own")],
	};
	assert.is(downgrades.in(response), response);
	downgrades.add(downgrade("b", "emulated", "found"));
	assert.equal(downgrades.in(response).downgrades, [downgrade("a", "changed", "own"), downgrade("b", "emulated", "found")]);
});

test.run();
