/** Names in all positions of WIT, as the official tools spell them and as generated code does. */
import { componentEmbed, componentNew, transpile } from "@bytecodealliance/jco";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { convertEmitter } from "../../../codegen/emit/abi-component/convert/index.ts";
import { componentEmitter } from "../../../codegen/emit/abi-component/index.ts";
import { witShapeEmitter } from "../../../codegen/emit/abi-component/wit-shape/index.ts";
import { typings } from "../../../codegen/emit/guest/typings.ts";
import { hostcallEmitter } from "../../../codegen/emit/hostcall/index.ts";
import { abiOf, emitText, GeneratedFiles } from "../../helpers/codegen.ts";

const WIT = `package test:spelling@0.1.0;

interface types {
	enum error-code { internal }
	record error { code: error-code, message: string }
}

interface HTTP-thing {
	use types.{error};
	record a-REC { CONST: string, max-URL-length: u32, utf-8: u8, x1y: u8, B2: u8, default: bool }
	flags FLAGS { FLAG-one, h264-1x }
	enum COLOR { RED, light-BLUE }
	variant VAR { CASE-a(u32), none }
	record mp3file { class: u8 }
	resource TCP-socket {
		open-URL: static func(A-b: u32) -> TCP-socket;
		get-IP: func(x-Y: u8) -> string;
		delete: func();
	}
	get-URL: func(the-URL: a-REC, CONST: u32) -> VAR;
	CONST: func(F: FLAGS, c: COLOR) -> mp3file;
	new: func();
	class: func(default: u32);
	sha-256-sum: func(max-URL-length: u32);
	nested: func(a: option<option<string>>) -> option<option<u32>>;
}

world w {
	import HTTP-thing;
	export run-it: func(MAX-url: u32);
}
`;

const ID = "test:spelling/HTTP-thing";

const component = await componentNew(await componentEmbed({ witSource: WIT, dummy: true, world: "w" }), []);
const official = await transpile(component, { name: "official", instantiation: "async" });
const typesOf = (file: string): string => Buffer.from(official.files[file] ?? []).toString("utf8");

test("typings of a guest name types, functions, members, cases and parameters as the official typings do", () => {
	const theirs = typesOf("interfaces/test-spelling-http-thing.d.ts");
	const all = typings(abiOf(WIT));
	const ours = all.slice(all.indexOf(`declare module "${ID}@0.1.0"`), all.indexOf('declare module "test:spelling/w'));
	assert.equal(namesIn(ours), namesIn(theirs));
	assert.ok(namesIn(ours).includes("member maxUrlLength"), "the comparison sees members");
	assert.ok(namesIn(ours).includes("export const"), "the comparison sees exports");
});

test("a component that asks for its imports by the official names finds each of them", async () => {
	const abi = abiOf(WIT);
	const emitters = [hostcallEmitter, componentEmitter, convertEmitter, witShapeEmitter];
	const files = new Map<string, string>();
	for (const emitter of emitters) for (const [path, text] of await emitText(emitter, abi)) files.set(path, text);
	files.set("official.js", typesOf("official.js"));
	const generated = await GeneratedFiles.write(files);
	const bindImports = await generated.function("abi/component/imports.ts", "bindImports");
	const imports = Object(bindImports({ httpThing: () => ({}) }, undefined, {}));
	const asked = /const \{ (.*) \} = imports\['test:spelling\/HTTP-thing'\]/.exec(typesOf("official.js"))?.[1]?.split(", ") ?? [];
	const keys = asked.map((each) => each.split(":")[0] ?? "");
	assert.equal(keys.sort(), ["TcpSocket", "class", "const", "getUrl", "nested", "new", "sha256Sum"]);
	for (const key of keys) assert.type(imports[ID][key], "function", key);
	assert.type(imports[ID].TcpSocket.openUrl, "function");
	assert.equal(Object.getOwnPropertyNames(imports[ID].TcpSocket.prototype).sort(), ["constructor", "delete", "getIp"]);
	const instantiate = await generated.function("official.js", "instantiate");
	const core = async (path: string): Promise<unknown> => compile(official.files[path]);
	const instance = Object(await instantiate(core, imports));
	assert.equal(Object.keys(instance), ["runIt"]);
	await generated.remove();
});

async function compile(bytes: Uint8Array | undefined): Promise<unknown> {
	const { WebAssembly } = Object(globalThis);
	return WebAssembly.compile(bytes ?? new Uint8Array());
}

/** What a declaration file declares: types, exported functions, members, the strings of cases, and parameters. */
function namesIn(text: string): string[] {
	const code = text.replace(/\/\*[\s\S]*?\*\//g, "").replaceAll("'", '"');
	const names = new Set<string>();
	const withoutParameters = code.replace(/\([^()]*\)/g, "()");
	const add = (kind: string, pattern: RegExp): void => {
		for (const [, name = ""] of withoutParameters.matchAll(pattern)) names.add(`${kind} ${name}`);
	};
	add("type", /export (?:interface|type|class) (?!Var\w|Option)(\w+)/g);
	add("export", /export function (\w+)/g);
	add("export", /export \{ \w+ as (\w+) \}/g);
	add("member", /^\s+(?:static )?(?!export|function|declare|import|private|constructor|tag|val)"?(\w+)"?\??[:(]/gm);
	add("case", /(?:tag: |[|=] )"([\w-]+)"/g);
	for (const [, params = ""] of code.matchAll(/\w\(([^()]*)\)/g))
		for (const [, name = ""] of params.matchAll(/(\w+)\??:/g)) names.add(`parameter ${name}`);
	for (const noise of ["case ok", "case err", "case some", "parameter tag", "parameter val"]) names.delete(noise);
	return [...names].sort();
}

test.run();
