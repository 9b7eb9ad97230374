package io.bitrouter.wire.control;

import java.util.List;

/** Answer of {@code GET ns/presets}. */
@ControlBody
public record PresetList(List<PresetInfo> data) {}
