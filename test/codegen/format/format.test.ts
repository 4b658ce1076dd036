import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { formatWit } from "../../../codegen/format/format.ts";
import { scan } from "../../../codegen/wit/scan.ts";
import { witFiles } from "../../helpers/wit-files.ts";

test("blanks, line ends and the last comma of a block are set; comments stay where they are", () => {
	assert.is(
		formatWit(`


package  a : b @ 1.0.0 ;   // the package
interface   i{use types . { a ,b  as c};
/// Doc.\t
@since( version=1.0.0 )
record r {x:u32,y : list < tuple<u8,string> >   /* why */ }


// About f.

f : func( a : option<u8>,/* in */ b:string )->result< _ , e > ; // trailing
resource s{constructor( ) ; m:static   func();}
enum empty-one{ only// the one
}
}
world w{import x:interface{} import a:b/i@1.0.0;export f:async func();include other with{i as j};
}`),
		`package a:b@1.0.0; // the package
interface i {
    use types.{a, b as c};
    /// Doc.
    @since(version = 1.0.0)
    record r {
        x: u32,
        y: list<tuple<u8, string>>, /* why */
    }

    // About f.

    f: func(a: option<u8>, /* in */ b: string) -> result<_, e>; // trailing
    resource s {
        constructor();
        m: static func();
    }
    enum empty-one {
        only, // the one
    }
}
world w {
    import x: interface {}
    import a:b/i@1.0.0;
    export f: async func();
    include other with { i as j };
}
`,
	);
});

test("a statement that is too long has one item a line, and so has one that was written so", () => {
	const long = "a-rather-long-name-of-a-parameter";
	assert.is(
		formatWit(`interface i {\nf: func(${long}: u32, ${long}-2: tuple<u8, u8>, ${long}-3: string) -> u8;\ng: func(\na: u8);\n}`),
		`interface i {
    f: func(
        ${long}: u32,
        ${long}-2: tuple<u8, u8>,
        ${long}-3: string,
    ) -> u8;
    g: func(
        a: u8,
    );
}
`,
	);
});

test("a comment to the end of the line inside a statement keeps the line ends around it", () => {
	const text = `interface i {
    f: func(
        a: u8, // first
        b: u8
    ) -> u8;
}
`;
	assert.is(formatWit(text), text);
});

test("the WIT of this package is formatted", () => {
	for (const file of witFiles("wit")) assert.is(formatWit(readFileSync(file, "utf8")), readFileSync(file, "utf8"), file);
});

/** Tokens without the commas that a formatter may add, and comments without blanks at the end. */
function substance(text: string): string[] {
	const { tokens, comments } = scan(text);
	const words = tokens.map(({ text: token }) => token).filter((token, index, all) => token !== "," || !/^[)}]$/.test(all[index + 1] ?? ""));
	return [...words, ...comments.map(({ start, end }) => text.slice(start, end).replaceAll("\r", "").trimEnd())];
}

test("every WIT file of the packages here keeps its tokens and comments, and is formatted once", () => {
	const files = witFiles("node_modules");
	assert.ok(files.length > 20);
	for (const file of files) {
		const text = readFileSync(file, "utf8");
		const formatted = formatWit(text);
		assert.equal(substance(formatted), substance(text), file);
		assert.is(formatWit(formatted), formatted, file);
	}
});

test.run();
