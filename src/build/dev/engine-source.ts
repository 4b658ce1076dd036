/**
 * Returns the script of the development engine: a guest that evaluates another guest at the start of each run, so that a change needs no
 * new component. The input of the script is `<length>\n<code><input>`, where the length is that of the code, in UTF-16 units.
 *
 * The top level of the evaluated guest cannot call the host, as in a build.
 *
 * @param interfaces Interfaces with functions, as a bundle imports them.
 */
export function engineSource(interfaces: readonly string[]): string {
	const imports = interfaces.map((path, index) => `import * as m${index} from ${JSON.stringify(path)};`);
	const modules = interfaces.map((path, index) => `[${JSON.stringify(path)}, guarded(${JSON.stringify(path)}, m${index})]`);
	return `${imports.join("\n")}
let isEvaluating = false;
function refuse(path, name) {
	if (isEvaluating) throw new Error("the top level of the guest calls the host (" + path + " " + name + "), which \`spear build\` cannot do; make the call in \`run\` (console output is a hostcall too)");
}
function guard(path, name, value) {
	return new Proxy(value, {
		apply(target, self, args) { refuse(path, name); return Reflect.apply(target, self, args); },
		construct(target, args, made) { refuse(path, name); return Reflect.construct(target, args, made); },
	});
}
function guarded(path, module) {
	const all = { __esModule: true };
	for (const name of Object.keys(module)) {
		const value = module[name];
		const guardedValue = typeof value === "function" ? guard(path, name, value) : value;
		Object.defineProperty(all, name, { enumerable: true, get: () => (isEvaluating ? guardedValue : value) });
	}
	return all;
}
const modules = new Map([${modules.join(", ")}]);
function require(path) {
	const module = modules.get(path);
	if (module === undefined) throw new Error("there is no interface " + path);
	return module;
}
export function run(framed) {
	const start = framed.indexOf("\\n") + 1;
	const end = start + Number(framed.slice(0, start - 1));
	const module = { exports: {} };
	isEvaluating = true;
	try {
		(0, eval)("(function(require,module,exports){" + framed.slice(start, end) + "\\n})")(require, module, module.exports);
	} catch (thrown) {
		const stack = thrown instanceof Error && typeof thrown.stack === "string" ? "\\n" + thrown.stack.trimEnd() : "";
		throw { tag: "failed", val: "the top level of the guest failed: " + String(thrown) + stack };
	} finally {
		isEvaluating = false;
	}
	return module.exports.run(framed.slice(end));
}
`;
}

/** Returns the input of the development engine for a guest and its input. */
export function framedInput(code: string, input: string): string {
	return `${code.length}\n${code}${input}`;
}
