import { test } from "uvu";
import * as assert from "uvu/assert";
import { HOST_INTERFACES } from "../../generated/abi/component/lowering/index.ts";
import { functionType, type WitType } from "../../src/guest-testing/wit-type.ts";

function keyOf(type: WitType): string {
	switch (type.kind) {
		case "none":
			return "_";
		case "number":
			return type.name;
		case "list":
		case "option":
		case "own":
		case "borrow":
			return `${type.kind}<${typeof type.of === "string" ? type.of : keyOf(type.of)}>`;
		case "result":
			return `result<${keyOf(type.ok)},${keyOf(type.err)}>`;
		case "record":
		case "variant":
			return `${type.kind}{${type.members.map((member) => (member.type.kind === "none" ? member.name : `${member.name}:${keyOf(member.type)}`)).join(",")}}`;
		case "enum":
		case "flags":
			return `${type.kind}{${type.names.join(",")}}`;
		default:
			return type.kind;
	}
}

test("the type of every function of the ABI is read from its key as a whole", () => {
	const keys = HOST_INTERFACES.flatMap(({ functions }) => Object.values(functions).map(({ key }) => key));
	assert.ok(keys.length > 50);
	for (const key of keys) {
		const { parameters, result } = functionType(key);
		const shown = parameters.map(({ name, type }) => `${name}:${keyOf(type)}`).join(",");
		assert.is(`(${shown})${result.kind === "none" ? "" : `->${keyOf(result)}`}`, key);
	}
});

test.run();
