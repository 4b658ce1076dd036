/** A small package with all that bindings have to deal with: resources, streams, handles of another interface, JSON, no error channel. */
export const LAMP = `package test:lamp@1.0.0;

/// Words all share.
interface types {
	/// JSON text.
	///
	/// @json object
	type json-object = string;

	/// Kinds of failure.
	enum error-code { invalid-request, backend-not-enabled, cancelled, internal }

	/// An account.
	record explanation { policy: string }

	/// What went wrong.
	record error {
		code: error-code,
		message: string,
		retryable: bool,
		retry-after-ms: option<u32>,
		operation: option<string>,
		explanation: option<explanation>,
	}
}

/// Readiness.
interface poll {
	/// Becomes ready.
	///
	/// @readiness
	resource pollable {
		/// Whether it is ready.
		ready: func() -> bool;
		/// Waits.
		///
		/// @blocking
		block: func();
	}

	/// Waits for any.
	///
	/// @blocking
	poll: func(pollables: list<borrow<pollable>>) -> list<u32>;

	/// A timer.
	after: func(ms: u32) -> pollable;
}

/// Lamps.
///
/// @operation lamp_lighting
interface lamp {
	use types.{error, json-object};
	use poll.{pollable};

	/// Colours.
	enum colour { warm-white, blue }

	/// How it shines.
	///
	/// @payload
	record setting {
		/// The colour.
		colour: colour,
		/// How bright.
		level: option<u32>,
		/// Anything else.
		extra: option<json-object>,
	}

	/// How it shone.
	///
	/// @result
	record report { hours: u32 }

	/// A lamp in hand.
	resource dimmer {
		/// Takes a lamp.
		open: static func(setting: setting) -> result<dimmer, error>;
		/// Sets how bright.
		set-level: func(level: u32) -> result<_, error>;
		/// Waits for it to change.
		///
		/// @blocking
		next-change: func() -> result<option<setting>, error>;
		/// When it changes.
		watch: func() -> pollable;
	}

	/// Lights a lamp.
	///
	/// @blocking
	light: func(setting: setting, context: option<string>) -> result<report, error>;

	/// Writes a line.
	note: func(text: string);
}
`;
