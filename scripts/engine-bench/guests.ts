import { HOST_INTERFACES } from "../../generated/abi/component/lowering/index.ts";
import type { ImportObject } from "../../src/abi/component/import-object.ts";
import { webAssembly } from "../../src/abi/web-assembly.ts";
import { ANSWER, RUN } from "../../test/helpers/guest-components.ts";

/** A guest that makes one call of the host over and over. */
export const QUICKJS_GUEST = `
import { log } from "spear:ai/log@0.1.0";
import { features } from "spear:ai/discovery@0.1.0";
import { completeStream } from "spear:ai/cchat@0.1.0";

const request = { messages: [{ role: "user", content: [{ tag: "text", val: "hello" }] }] };
const stream = () => (open ??= completeStream(request, undefined));
let open;

const jobs = {
	log: () => log("info", "a line of a guest", []),
	features: () => features(),
	next: () => stream().next(),
	nothing: () => {},
};

export function run(input) {
	const [name, count] = input.split(" ");
	const job = jobs[name];
	for (let left = Number(count); left > 0; left--) job();
	return "";
}
`;

/** A guest as a C compiler would make it: calls \`log\` with a text in its memory. */
export function C_GUEST(calls: number): string {
	return `(component
		(import "spear:ai/log@0.1.0" (instance $log
			(type $level (enum "trace" "debug" "info" "warn" "error"))
			(export "level" (type $named-level (eq $level)))
			(type $field (record (field "key" string) (field "value" string)))
			(export "log-field" (type $named-field (eq $field)))
			(export "log" (func (param "level" $named-level) (param "message" string) (param "fields" (list $named-field))))))
		(core module $memory (memory (export "memory") 1))
		(core instance $memory (instantiate $memory))
		(core func $lowered (canon lower (func $log "log") (memory $memory "memory")))
		(core module $m
			(import "host" "memory" (memory 1))
			(import "host" "log" (func $log (param i32 i32 i32 i32 i32)))
			(export "memory" (memory 0))
			(data (i32.const 32) "a line of a guest")
			${ANSWER}
			(func (export "run") (param i32 i32) (result i32) (local $left i32)
				(local.set $left (i32.const ${calls}))
				(loop $again
					(call $log (i32.const 2) (i32.const 32) (i32.const 17) (i32.const 0) (i32.const 0))
					(br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
				(call $answer)))
		(core instance $i (instantiate $m (with "host" (instance (export "memory" (memory $memory "memory")) (export "log" (func $lowered))))))
		${RUN})`;
}

/** Returns the same loop in a core module that calls JavaScript directly. */
export async function rawCalls(calls: number): Promise<() => Promise<void>> {
	const { parse } = await import("@bytecodealliance/jco");
	const text = `(module
		(import "host" "log" (func $log (param i32 i32 i32 i32 i32)))
		(func (export "run") (local $left i32)
			(local.set $left (i32.const ${calls}))
			(loop $again
				(call $log (i32.const 2) (i32.const 32) (i32.const 17) (i32.const 0) (i32.const 0))
				(br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))))`;
	const { exports } = new webAssembly.Instance(await webAssembly.compile(await parse(text)), { host: { log: () => {} } });
	const { run } = exports;
	if (typeof run !== "function") throw new Error("the module exports no function run");
	return async () => {
		run();
	};
}

const FEATURES = ["supports_tools", "supports_vision", "supports_audio_input", "supports_json_schema", "supports_reasoning"];

/** Returns imports that do nothing, and answer at once. */
export function engineImports(): ImportObject {
	const imports: Record<string, Record<string, unknown>> = {};
	for (const { name, functions, resources } of HOST_INTERFACES) {
		const members: Record<string, unknown> = {};
		for (const resource of Object.keys(resources)) members[pascal(resource)] = class {};
		for (const wit of Object.keys(functions)) {
			const match = /^\[(method|static)\]([^.]+)\.(.+)$/.exec(wit);
			if (match === null) {
				members[camel(wit)] = unused;
				continue;
			}
			const holder = members[pascal(match[2] ?? "")];
			if (typeof holder !== "function") throw new Error(`there is no class for ${wit}`);
			Object.defineProperty(match[1] === "static" ? holder : holder.prototype, camel(match[3] ?? ""), {
				value: unused,
				configurable: true,
			});
		}
		imports[name] = members;
	}
	const chat = imports["spear:ai/cchat"];
	const Stream = chat?.EventStream;
	if (chat === undefined || typeof Stream !== "function") throw new Error("there is no class of streams");
	Object.defineProperty(Stream.prototype, "next", { value: async () => ({ tag: "ok", val: { tag: "text", val: "tok" } }) });
	chat.completeStream = async () => ({ tag: "ok", val: Reflect.construct(Stream, []) });
	imports["spear:ai/log"] = { log: () => {} };
	const discovery = imports["spear:ai/discovery"];
	if (discovery !== undefined) discovery.features = () => ({ tag: "ok", val: FEATURES });
	return imports;
}

function unused(): never {
	throw new Error("the benchmark does not call this function");
}

function camel(kebab: string): string {
	return kebab.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function pascal(kebab: string): string {
	const name = camel(kebab);
	return name.charAt(0).toUpperCase() + name.slice(1);
}
