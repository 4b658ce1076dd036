/** Components of several component instances, in text form. All export \`run\` without the types of the ABI, for tests of the linker. */
import { ANSWER, RUN } from "./guest-components.ts";

/** A child whose function the parent calls in \`run\`. The child has the memory of its own module \`$c\`. */
export function parentAndChild(child: string, type: string, lift: string, parent: string, imported: string): string {
	return `(component
		(component $child
			(core module $c (memory (export "memory") 1) (func (export "realloc") (param i32 i32 i32 i32) (result i32) i32.const 1024) ${child})
			(core instance $c (instantiate $c))
			(func (export "f") ${type} (canon lift (core func $c "f") ${lift})))
		(instance $child (instantiate $child))
		(core module $memory
			(memory (export "memory") 1)
			(func (export "realloc") (param i32 i32 i32 i32) (result i32) i32.const 1024))
		(core instance $memory (instantiate $memory))
		(core func $f (canon lower (func $child "f") ${lift.includes("memory") ? '(memory $memory "memory") (realloc (func $memory "realloc"))' : ""}))
		(core module $m
			(import "child" "f" (func $f ${imported}))
			(import "memory" "memory" (memory 1))
			(export "memory" (memory 0))
			${ANSWER}
			(func (export "run") (param i32 i32) (result i32) ${parent} (call $answer)))
		(core instance $i (instantiate $m (with "child" (instance (export "f" (func $f)))) (with "memory" (instance $memory))))
		${RUN})`;
}

const MEMORY = '(memory $c "memory") (realloc (func $c "realloc"))';

export const NESTED_GUESTS: Readonly<Record<string, string>> = {
	adds: parentAndChild(
		'(func (export "f") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))',
		'(param "a" u32) (param "b" u32) (result u32)',
		"",
		"(drop (call $f (i32.const 1) (i32.const 2)))",
		"(param i32 i32) (result i32)",
	),
	copies: parentAndChild(
		'(func (export "f") (param i32 i32) (result i32) (i32.store (i32.const 8) (local.get 0)) (i32.store (i32.const 12) (local.get 1)) (i32.const 8))',
		'(param "a" string) (result string)',
		MEMORY,
		"(call $f (i32.const 16) (i32.const 2) (i32.const 64))",
		"(param i32 i32 i32)",
	),
	variants: parentAndChild(
		'(func (export "f") (param i32 i64) (result i32) (local.get 0))',
		'(param "a" (variant (case "x" f32) (case "y" u64) (case "z"))) (result bool)',
		"",
		"(drop (call $f (i32.const 1) (i64.const 2)))",
		"(param i32 i64) (result i32)",
	),
};
