package io.bitrouter.wire.control;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Optional;

/** Prices of one model in millionths of a millionth of a US dollar (pico-USD) per token. */
@ControlBody
public record ModelPricing(
    long inputPicoUsd,
    long outputPicoUsd,
    Optional<Long> cacheReadPicoUsd,
    @JsonProperty("cache_write_5m_pico_usd") Optional<Long> cacheWrite5mPicoUsd,
    @JsonProperty("cache_write_1h_pico_usd") Optional<Long> cacheWrite1hPicoUsd) {}
