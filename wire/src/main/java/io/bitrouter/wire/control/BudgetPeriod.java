package io.bitrouter.wire.control;

import java.util.Optional;

/**
 * A budget's window where {@code day}, {@code month} and {@code total} do not say enough.
 *
 * @param unit hour, day, week or month
 * @param align rolling or calendar
 * @param timeZone IANA name, such as Europe/Berlin; absent for rolling ones, UTC for calendar ones
 */
@ControlBody
public record BudgetPeriod(String unit, String align, Optional<String> timeZone) {}
