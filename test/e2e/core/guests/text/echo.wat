(module
  (type (;0;) (func (param i32 i32 i32) (result i32)))
  (type (;1;) (func (result i32)))
  (type (;2;) (func (param i32 i32 i32 i32) (result i32)))
  (type (;3;) (func (param i32 i32) (result i32)))
  (type (;4;) (func))
  (type (;5;) (func (param i32 i64)))
  (type (;6;) (func (param i32 i32)))
  (import "spear" "spear_epoll_create" (func (;0;) (type 1)))
  (import "spear" "user_stream_ctl_open" (func (;1;) (type 1)))
  (import "spear" "spear_epoll_ctl" (func (;2;) (type 2)))
  (import "spear" "spear_epoll_wait" (func (;3;) (type 2)))
  (import "spear" "user_stream_read" (func (;4;) (type 0)))
  (import "spear" "user_stream_write" (func (;5;) (type 0)))
  (import "spear" "user_stream_ctl_read" (func (;6;) (type 0)))
  (import "spear" "user_stream_open" (func (;7;) (type 3)))
  (import "spear" "log" (func (;8;) (type 0)))
  (table (;0;) 1 1 funcref)
  (memory (;0;) 6)
  (global (;0;) (mut i32) i32.const 367232)
  (export "memory" (memory 0))
  (export "_start" (func 9))
  (export "__indirect_function_table" (table 0))
  (func (;9;) (type 4)
    (local i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)
    global.get 0
    i32.const 160
    i32.sub
    local.tee 0
    global.set 0
    i32.const 1043
    call 0
    local.tee 9
    i32.const 1
    call 1
    local.tee 6
    i32.const 17
    call 2
    i64.extend_i32_s
    call 10
    block ;; label = @1
      loop ;; label = @2
        block ;; label = @3
          local.get 0
          i32.const 128
          i32.store offset=28
          local.get 9
          local.get 0
          i32.const 32
          i32.add
          local.get 0
          i32.const 28
          i32.add
          i32.const 2000
          call 3
          local.tee 10
          i32.const 0
          i32.lt_s
          br_if 0 (;@3;)
          local.get 7
          i32.const 1
          i32.add
          local.set 11
          i32.const 0
          local.set 5
          loop ;; label = @4
            block ;; label = @5
              block ;; label = @6
                local.get 5
                local.get 10
                i32.ne
                if ;; label = @7
                  local.get 6
                  local.get 0
                  i32.const 32
                  i32.add
                  local.get 5
                  i32.const 3
                  i32.shl
                  i32.add
                  local.tee 1
                  i32.load
                  local.tee 2
                  i32.ne
                  if ;; label = @8
                    local.get 1
                    i32.const 4
                    i32.or
                    local.set 3
                    loop ;; label = @9
                      local.get 3
                      i32.load8_u
                      i32.const 1
                      i32.and
                      i32.eqz
                      br_if 4 (;@5;)
                      local.get 0
                      i32.const 16
                      i32.store offset=16
                      local.get 2
                      i32.const 1168
                      local.get 0
                      i32.const 16
                      i32.add
                      local.tee 4
                      call 4
                      local.tee 1
                      i32.const -28
                      i32.eq
                      if ;; label = @10
                        local.get 0
                        i32.const 300000
                        i32.store offset=16
                        local.get 2
                        i32.const 1168
                        local.get 4
                        call 4
                        local.set 1
                      end
                      local.get 1
                      i32.const 0
                      i32.lt_s
                      br_if 4 (;@5;)
                      local.get 2
                      i32.const 1168
                      local.get 1
                      call 5
                      local.tee 1
                      i32.eqz
                      br_if 0 (;@9;)
                      i32.const 1057
                      local.get 1
                      i64.extend_i32_s
                      call 10
                      br 0 (;@9;)
                    end
                    unreachable
                  end
                  local.get 0
                  i32.const 4
                  i32.store offset=12
                  local.get 6
                  local.get 0
                  i32.const 16
                  i32.add
                  local.tee 2
                  local.get 0
                  i32.const 12
                  i32.add
                  local.tee 3
                  call 6
                  local.tee 1
                  i32.const -28
                  i32.eq
                  if (result i32) ;; label = @8
                    local.get 0
                    i32.const 8
                    i32.store offset=12
                    local.get 6
                    local.get 2
                    local.get 3
                    call 6
                  else
                    local.get 1
                  end
                  i32.const 0
                  i32.lt_s
                  br_if 2 (;@5;)
                  local.get 0
                  i32.load offset=20
                  i32.const 2
                  i32.eq
                  br_if 1 (;@6;)
                  i32.const 1088
                  i32.load
                  local.tee 2
                  i32.const 0
                  local.get 2
                  i32.const 0
                  i32.gt_s
                  select
                  local.set 1
                  i32.const 1
                  local.set 3
                  i32.const 1104
                  local.set 4
                  local.get 0
                  i32.load offset=16
                  local.set 8
                  loop ;; label = @8
                    local.get 1
                    if ;; label = @9
                      local.get 3
                      i32.const 0
                      local.get 4
                      i32.load
                      local.get 8
                      i32.ne
                      select
                      local.set 3
                      local.get 4
                      i32.const 4
                      i32.add
                      local.set 4
                      local.get 1
                      i32.const 1
                      i32.sub
                      local.set 1
                      br 1 (;@8;)
                    else
                      local.get 3
                      i32.eqz
                      local.get 2
                      i32.const 16
                      i32.eq
                      i32.or
                      br_if 4 (;@5;)
                      i32.const 1088
                      local.get 2
                      i32.const 1
                      i32.add
                      i32.store
                      local.get 2
                      i32.const 2
                      i32.shl
                      i32.const 1104
                      i32.add
                      local.get 8
                      i32.store
                      local.get 9
                      i32.const 1
                      local.get 8
                      i32.const 3
                      call 7
                      i32.const 29
                      call 2
                      drop
                      i32.const 1070
                      local.get 0
                      i64.load32_u offset=16
                      call 10
                      br 4 (;@5;)
                    end
                    unreachable
                  end
                  unreachable
                end
                local.get 11
                local.set 7
                br 4 (;@2;)
              end
              i32.const 1024
              local.get 7
              i32.const 4999
              i32.lt_u
              i64.extend_i32_u
              call 10
              i32.const 1063
              i64.const 1
              call 10
              br 4 (;@1;)
            end
            local.get 5
            i32.const 1
            i32.add
            local.set 5
            br 0 (;@4;)
          end
          unreachable
        end
      end
      i32.const 1038
      local.get 10
      i64.extend_i32_s
      call 10
    end
    local.get 0
    i32.const 160
    i32.add
    global.set 0
  )
  (func (;10;) (type 5) (param i32 i64)
    (local i32 i32 i64 i64)
    loop ;; label = @1
      local.get 0
      local.get 2
      i32.add
      local.get 2
      i32.const 1
      i32.add
      local.set 2
      i32.load8_u
      br_if 0 (;@1;)
    end
    local.get 0
    local.get 2
    i32.const 1
    i32.sub
    call 11
    i32.const 1077
    i32.const 1
    call 11
    i32.const 0
    local.set 0
    global.get 0
    i32.const 32
    i32.sub
    local.tee 2
    global.set 0
    local.get 1
    local.tee 4
    i64.const 63
    i64.shr_s
    local.tee 1
    local.get 4
    i64.add
    local.get 1
    i64.xor
    local.set 1
    loop ;; label = @1
      local.get 0
      local.get 2
      i32.add
      local.get 1
      local.get 1
      i64.const 10
      i64.div_u
      local.tee 5
      i64.const 10
      i64.mul
      i64.sub
      i32.wrap_i64
      i32.const 48
      i32.or
      i32.store8
      local.get 0
      i32.const 1
      i32.add
      local.set 0
      local.get 1
      i64.const 9
      i64.gt_u
      local.get 5
      local.set 1
      br_if 0 (;@1;)
    end
    local.get 4
    i64.const 0
    i64.lt_s
    if ;; label = @1
      i32.const 1079
      i32.const 1
      call 11
    end
    local.get 2
    i32.const 1
    i32.sub
    local.set 3
    loop ;; label = @1
      local.get 0
      i32.const 0
      i32.gt_s
      if ;; label = @2
        local.get 0
        local.get 3
        i32.add
        i32.const 1
        call 11
        local.get 0
        i32.const 1
        i32.sub
        local.set 0
        br 1 (;@1;)
      end
    end
    local.get 2
    i32.const 32
    i32.add
    global.set 0
    i32.const 2
    i32.const 301184
    i32.const 301168
    i32.load
    call 8
    drop
    i32.const 301168
    i32.const 0
    i32.store
  )
  (func (;11;) (type 6) (param i32 i32)
    (local i32 i32 i32)
    i32.const 301168
    i32.load
    local.set 4
    loop ;; label = @1
      block ;; label = @2
        local.get 1
        local.get 2
        i32.gt_s
        if ;; label = @3
          local.get 2
          local.get 4
          i32.add
          local.tee 3
          i32.const 512
          i32.lt_s
          br_if 1 (;@2;)
        end
        return
      end
      local.get 3
      i32.const 301184
      i32.add
      local.get 0
      local.get 2
      i32.add
      i32.load8_u
      i32.store8
      i32.const 301168
      local.get 3
      i32.const 1
      i32.add
      i32.store
      local.get 2
      i32.const 1
      i32.add
      local.set 2
      br 0 (;@1;)
    end
    unreachable
  )
  (data (;0;) (i32.const 1024) "waits_are_few\00wait\00watch_control\00write\00closed\00opened\00=\00-")
)
