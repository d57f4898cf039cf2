#ifndef WEFT_CFETCH_H
#define WEFT_CFETCH_H
#include <stdint.h>

/// One download over HTTP or HTTPS into an open file.
typedef struct {
  const char *_Nonnull url;
  /// Bytes are written here, from `offset` on.
  int descriptor;
  /// The first byte that is wanted; the file has those before it. A server that cannot serve parts sends everything:
  /// the file is then emptied first.
  int64_t offset;
  /// What the server said of its version when the first bytes came, or empty: a changed file is sent from the start.
  const char *_Nonnull version;
  /// Called now and then with bytes of the whole file that are here, and its size or 0. Not 0 stops.
  int (*_Nullable progress)(void *_Nullable context, int64_t now, int64_t total);
  void *_Nullable context;
} weft_fetch_request;

typedef struct {
  /// weft_fetch_done or what went wrong.
  int outcome;
  /// HTTP status of the last answer; 0 when there was none.
  long status;
  /// errno of a failed write.
  int number;
  /// Size of the whole file as the server has it; 0 when it does not say.
  int64_t total;
  /// ETag or Last-Modified.
  char version[256];
  /// The library's words for the failure.
  char message[256];
} weft_fetch_result;

enum {
  weft_fetch_done = 0,
  /// libcurl is not installed.
  weft_fetch_no_library,
  /// The server answered with an error status.
  weft_fetch_refused,
  /// The connection ended before the end of the file.
  weft_fetch_cut_off,
  weft_fetch_write_failed,
  weft_fetch_stopped,
  weft_fetch_failed
};

/// Downloads, following redirects (from HTTPS to HTTPS only). libcurl is opened when this is first called.
void weft_fetch(const weft_fetch_request *_Nonnull request, weft_fetch_result *_Nonnull result);
#endif
