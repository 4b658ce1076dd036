import { test } from "uvu";
import * as assert from "uvu/assert";
import { hostcallEmitter } from "../../../codegen/emit/hostcall/index.ts";
import { abiOf, emitOne, emitText, GeneratedFiles, projectAbi } from "../../helpers/codegen.ts";
import { assertGolden } from "../../helpers/golden.ts";
import { LAMP } from "../../helpers/lamp-wit.ts";

test("an interface has promises for what waits, statics as members, the docs of the WIT, a stand-in and call sites", async () => {
	assertGolden(await emitOne(hostcallEmitter, abiOf(LAMP), "hostcall/lamp.ts"), "codegen/hostcall/lamp.ts");
});

test("a resource tagged @readiness is the neutral type, and its methods are functions of the interface", async () => {
	assertGolden(await emitOne(hostcallEmitter, abiOf(LAMP), "hostcall/poll.ts"), "codegen/hostcall/poll.ts");
});

test("without the tag the same resource is an object of the host", async () => {
	const files = await emitText(hostcallEmitter, abiOf(LAMP.replace("\t///\n\t/// @readiness\n", "")));
	assert.match(files.get("hostcall/poll.ts") ?? "", /poll\(pollables: readonly Pollable\[\]\): Promise<number\[\]>;/);
	assert.match(files.get("hostcall/poll.ts") ?? "", /export interface Pollable \{/);
	assert.not.match(files.get("hostcall/runtime.ts") ?? "", /eadiness/);
});

test("the families gather every interface, each with its stand-in", async () => {
	assertGolden(await emitOne(hostcallEmitter, abiOf(LAMP), "hostcall/families.ts"), "codegen/hostcall/families.ts");
});

test("no ABI is part of the interfaces", async () => {
	for (const [path, text] of await emitText(hostcallEmitter, await projectAbi())) {
		assert.not.match(text, /from "[^"]*(?:abi|wit|convert)\//, path);
	}
});

test("a stand-in refuses by the interface's name, and does nothing where it can neither fail nor answer", async () => {
	const files = await GeneratedFiles.write(await emitText(hostcallEmitter, abiOf(LAMP)));
	const { unavailableLamp } = await files.load("hostcall/lamp.ts");
	const lamp = Object(unavailableLamp);
	for (const refused of [lamp.light, lamp.dimmer.open]) {
		assert.throws(refused, (error: { code: string; message: string }) => {
			return error.code === "backend_not_enabled" && error.message === "this host does not offer `lamp`";
		});
	}
	assert.is(lamp.note("x"), undefined);
	await files.remove();
});

test("implementations are made once each, of the given scope", async () => {
	const files = await GeneratedFiles.write(await emitText(hostcallEmitter, abiOf(LAMP)));
	const { UNAVAILABLE } = await files.load("hostcall/families.ts");
	const { unavailablePoll } = await files.load("hostcall/poll.ts");
	const implement = await files.function("hostcall/families.ts", "implement");
	const scopes: unknown[] = [];
	const lamp = {};
	const made = implement(
		{
			lamp: (scope: unknown) => {
				scopes.push(scope);
				return lamp;
			},
			poll: UNAVAILABLE,
		},
		"scope",
	);
	assert.equal(scopes, ["scope"]);
	assert.is(Object(made).lamp, lamp);
	assert.is(Object(made).poll, unavailablePoll);
	await files.remove();
});

test("a package whose types interface has no error record is refused", async () => {
	try {
		await emitText(hostcallEmitter, abiOf("package a:b@1.0.0;\ninterface i { f: func(); }\n"));
		assert.unreachable();
	} catch (error) {
		assert.match(error instanceof Error ? error.message : "", /no interface `types` with the type `error/);
	}
});

test.run();
