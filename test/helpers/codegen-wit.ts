/** Small WIT packages for the tests of the emitters. */

/** A family with an operation, features, constraints and defaults. */
export const PAINT = `package test:paint@1.0.0;

/// Words all families share.
interface types {
	/// Names a colour.
	enum colour { /// Like blood.
		red, /// Like the sky.
		sky-blue }

	/// Any JSON.
	///
	/// @json any
	type json = string;

	/// What went wrong.
	record error { /// In words.
		message: string }
}

/// Paints pictures.
///
/// @operation picture_painting
interface paint {
	use types.{colour, error, json};

	/// What to paint with.
	variant tool {
		/// A brush of that width.
		///
		/// @feature supports_brush
		brush(u32),
		/// The hand.
		hand,
	}

	/// What to paint.
	///
	/// @payload
	record request {
		/// How many.
		///
		/// @range 1..4
		/// @default 1
		copies: option<u32>,
		/// What with.
		///
		/// @feature supports_tools
		tools: list<tool>,
		/// Onto this.
		canvas: list<u8>,
		/// The main colour.
		///
		/// @default sky-blue
		colour: option<colour>,
		/// Varnish it.
		///
		/// @feature supports_varnish
		varnish: option<bool>,
		/// Anything else.
		extra: option<json>,
	}

	/// The picture.
	///
	/// @result
	record response { /// Its strokes.
		strokes: list<list<f32>> }

	/// Paints.
	paint: func(request: request) -> result<response, error>;
}
`;

/** Every shape of type, as parameter and result, in two interfaces. */
export const SHAPES = `package test:shapes@1.0.0;

interface base {
	enum two-words { one-word, other }
	enum plain { a, b }
	/// @json any
	type json = string;
	/// @json object
	type json-object = string;
	type name = string;
}

interface shapes {
	use base.{two-words, plain, json, json-object, name};

	flags some-flags { first, second-flag }
	variant choice {
		nothing,
		words(two-words),
		deep-choice(inner),
		bytes(list<u8>),
		parsed(json),
		pair(tuple<u32, json-object>),
	}
	record inner {
		class: string,
		maybe-number: option<u32>,
	}
	record everything {
		flag: bool,
		byte: u8,
		short: u16,
		word: u32,
		signed-byte: s8,
		signed-short: s16,
		signed-word: s32,
		single: f32,
		double: f64,
		letter: char,
		text: string,
		alias: name,
		bytes: list<u8>,
		vectors: list<list<f32>>,
		numbers: list<u32>,
		names: list<name>,
		choices: list<choice>,
		holes: list<option<string>>,
		nested: option<option<u32>>,
		nested-deeper: option<option<option<list<f32>>>>,
		nested-within: list<option<option<list<u8>>>>,
		maybe: option<inner>,
		outcome: result<inner, two-words>,
		bare: result,
		pair: tuple<plain, option<inner>>,
		options: some-flags,
		enums: tuple<two-words, plain>,
		raw: json,
		raw-object: option<json-object>,
		raw-list: list<json>,
		/// @default []
		names-if-any: option<list<name>>,
		/// @default []
		choices-if-any: option<list<choice>>,
		/// @default []
		bytes-if-any: option<list<u8>>,
		/// @default []
		numbers-if-any: option<list<u32>>,
	}

	echo: func(value: everything) -> result<everything, string>;
}
`;
