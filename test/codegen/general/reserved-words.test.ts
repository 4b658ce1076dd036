/** Words of JavaScript and TypeScript, and names of what every object has, as names in WIT: generated hosts and guests compile. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { guestTs } from "../../../codegen/emit/guest-ts/index.ts";
import { readWitText } from "../../../codegen/wit/read.ts";
import { GeneratedFiles } from "../../helpers/codegen.ts";
import { emitTarget, testHost } from "../../helpers/general-targets.ts";

const WORDS = [
	..."await async break case catch class const continue default delete do else enum eval export extends false finally for function if".split(
		" ",
	),
	..."implements import in instanceof interface let new null package private protected public return static super switch this throw".split(
		" ",
	),
	..."true try typeof var void while with yield arguments undefined object array string number boolean symbol promise error any".split(" "),
	..."unknown never type get set declare module namespace exports then constructor prototype to-string value-of has-own-property".split(
		" ",
	),
	..."length name call apply bind record result option list uint8-array disposable context view answer globalthis".split(" "),
];

function each(print: (word: string) => string, words = WORDS): string {
	return words.map((word) => print(word)).join("\n");
}

const WIT = `package a:b@1.0.0;
interface types {
	${each((word) => `record %${word} { %${word}: u8 }`)}
	record members { ${each((word) => `%${word}: option<string>,`)} }
	enum cases { ${each((word) => `%${word},`)} }
	f: func(%await: members, %class: cases, %this: %class, %arguments: %string) -> %promise;
}
interface functions { ${each((word) => `%${word}: func(%${word}: u8) -> result<string>;`)} }
interface resources { ${each((word) => `resource %${word} { constructor(); }`)} f: func(%new: borrow<%new>) -> %object; }
interface methods { resource r { ${each(
	(word) => `%${word}: func();`,
	WORDS.filter((word) => word !== "constructor"),
)} } }
world inside { import types; import functions; import resources; import methods; export types; export functions; export resources; export methods; }
world outside {
	${each((word) => `import %${word}: func(%${word}: u8);`)}
	${each(
		(word) => `export %${word}: func(%${word}: u8);`,
		WORDS.filter((word) => word !== "then"),
	)}
}
`;

for (const [name, target] of [
	["hosts", testHost],
	["guests", guestTs],
] as const) {
	test(`${name} compile`, async () => {
		const { model, diagnostics } = readWitText(WIT);
		if (model === undefined) throw new Error(JSON.stringify(diagnostics.slice(0, 3)));
		const { files, findings } = await emitTarget(target, model);
		assert.equal(findings, []);
		assert.is(await (await GeneratedFiles.write(files)).typeErrors(), "");
	});
}

test.run();
