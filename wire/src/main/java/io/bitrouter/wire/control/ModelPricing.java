package io.bitrouter.wire.control;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Optional;

/**
 * Prices of one model in millionths of a millionth of a US dollar (pico-USD) per token.
 *
 * @param inputPicoUsd an input token
 * @param outputPicoUsd an output token
 * @param cacheReadPicoUsd an input token read from a cache; absent when the model has no cache
 * @param cacheWrite5mPicoUsd an input token cached for five minutes; absent when not offered
 * @param cacheWrite1hPicoUsd an input token cached for one hour; absent when not offered
 */
@ControlBody
public record ModelPricing(
    long inputPicoUsd,
    long outputPicoUsd,
    Optional<Long> cacheReadPicoUsd,
    @JsonProperty("cache_write_5m_pico_usd") Optional<Long> cacheWrite5mPicoUsd,
    @JsonProperty("cache_write_1h_pico_usd") Optional<Long> cacheWrite1hPicoUsd) {}
