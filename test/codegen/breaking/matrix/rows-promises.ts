/** Edits of doc tags: what a value may hold, what it demands, and how it is carried. */
import type { RuleCode } from "../../../../codegen/breaking/rules.ts";
import { type Row, row } from "./row.ts";

type Edit = readonly [edit: string, from: string, to: string, ...rules: RuleCode[]];

function rows(item: string, ...edits: readonly Edit[]): Row[] {
	return edits.map(([edit, from, to, ...rules]) => row("ranking", item, edit, from, to, ...rules));
}

export const PROMISE_ROWS: readonly Row[] = [
	...rows(
		"constraint of an argument",
		["range widened", "/// @range 1..100", "/// @range 1..200", "limit-loosened"],
		["range narrowed", "/// @range 1..100", "/// @range 1..50", "limit-tightened"],
		["minimum raised, maximum raised", "/// @range 1..100", "/// @range 2..200", "limit-loosened", "limit-tightened"],
		["range removed", "/// @range 1..100", "", "limit-loosened", "limit-loosened"],
		["range added", "weight: option<f64>,", "/// @range 0..1\nweight: option<f64>,", "limit-tightened", "limit-tightened"],
		["whole numbers only", "weight: option<f64>,", "/// @integer\nweight: option<f64>,", "limit-tightened"],
		["shorter list allowed", "/// @min-items 1", "/// @min-items 0", "limit-loosened"],
		["longer list demanded", "/// @min-items 1", "/// @min-items 2", "limit-tightened"],
		["longer list allowed", "/// @max-items 4", "/// @max-items 8", "limit-loosened"],
		["shorter list demanded", "/// @max-items 4", "/// @max-items 2", "limit-tightened"],
		["pattern changed", "/// @pattern ^[a-z]{2}$", "/// @pattern ^[a-z]{2,3}$", "limit-tightened"],
		["pattern removed", "/// @pattern ^[a-z]{2}$", "", "limit-loosened"],
		["pattern added", "query: string,", "/// @pattern ^.+$\nquery: string,", "limit-tightened"],
	),
	...rows(
		"constraint of a result",
		["range widened", "/// @range 0..1", "/// @range 0..2", "limit-loosened"],
		["range narrowed", "/// @range 0..1", "/// @range 0.5..1", "limit-tightened"],
		["range removed", "/// @range 0..1", "", "limit-loosened", "limit-loosened"],
	),
	...rows(
		"constraint, not carried",
		["range widened", "/// @range 0..10", "/// @range 0..20", "limit-loosened"],
		["range narrowed", "/// @range 0..10", "/// @range 0..5", "limit-tightened"],
	),
	...rows(
		"default",
		["added", "language: option<string>,", "/// @default en\nlanguage: option<string>,", "default-added"],
		["changed", "/// @default 10", "/// @default 20", "default-changed"],
		["removed", "/// @default 10", "", "default-removed"],
	),
	...rows(
		"feature",
		["demanded by an existing field", "weight: option<f64>,", "/// @feature supports_weights\nweight: option<f64>,", "feature-demanded"],
		["demanded by an existing case", "picture(point),", "/// @feature supports_pictures\npicture(point),", "feature-demanded"],
		["demanded by a second field", "weight: option<f64>,", "/// @feature supports_modes\nweight: option<f64>,", "feature-demanded"],
		["removed", "/// @feature supports_modes", "", "feature-removed"],
		["removed from a case", "/// @feature supports_texts", "", "feature-removed"],
		["renamed", "/// @feature supports_modes", "/// @feature supports_ranking_modes", "feature-renamed"],
		[
			"new field with a new feature",
			"weight: option<f64>,",
			"weight: option<f64>,\n/// @feature supports_seeds\nseed: option<u32>,",
			"optional-record-field-added",
		],
		["demanded where only guests receive it", "order: list<u32>,", "/// @feature supports_orders\norder: list<u32>,", "feature-demanded"],
	),
	...rows(
		"blocking function",
		[
			"may wait now",
			"rerank-stream: func(request: request) -> result<event-stream, error>;",
			"/// @blocking\nrerank-stream: func(request: request) -> result<event-stream, error>;",
			"blocking-added",
		],
		[
			"method may wait now",
			"try-next: func() -> result<option<event>, error>;",
			"/// @blocking\ntry-next: func() -> result<option<event>, error>;",
			"blocking-added",
		],
		["may not wait any more", "/// @blocking", "", "blocking-removed"],
		["method may not wait any more", "///  @blocking", "", "blocking-removed"],
	),
	...rows(
		"carried type",
		["no longer atomic", "/// @atomic", "", "carriage-changed"],
		["atomic now", "variant part {", "/// @atomic\nvariant part {", "carriage-changed"],
		["another JSON value", "/// @json any", "/// @json object", "json-kind-changed"],
		["no JSON any more", "/// @json any", "", "json-kind-changed"],
		["became a readiness", "resource event-stream {", "/// @readiness\nresource event-stream {", "carriage-changed"],
	),
	...rows(
		"operation",
		["renamed", "/// @operation rerank", "/// @operation ranking", "operation-renamed"],
		["removed", "/// @operation rerank", "", "operation-removed"],
		["another payload", "/// @payload", "", "operation-removed"],
		["stream removed", "/// @stream event", "", "carriage-changed", "transport-removed"],
		["stream became a session", "/// @stream event", "/// @session event", "carriage-changed", "transport-added", "transport-removed"],
		[
			"added",
			"interface log {",
			"/// @operation note\ninterface log {\n/// @payload\nrecord note { text: string }\n/// @result\nrecord noted { id: u32 }",
			"operation-added",
			"type-added",
			"type-added",
		],
	),
];
